package dev.tombolo.agent.egress.address;

import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which addresses are due to be announced again. Who was cut off when an address moved has not heard of it: an owner that
 * was deposed goes on, and switches send to where it was. Confined to one thread.
 */
final class Reminders {
    /** While somebody who may have had the address does not speak: it is to stop within a second of being back. */
    static final Duration OFTEN = Duration.ofMillis(400);

    static final Duration SELDOM = Duration.ofSeconds(30);
    /** Two small frames for each: a link is never busy with them. */
    static final int MOST_AT_ONCE = 64;

    /** Until the votes of who was cut off when the address was taken have expired, with some time to spare. */
    static final Duration YOUNG = Duration.ofSeconds(10);

    private final Map<IpAddress, Held> known = new HashMap<>();

    private record Held(long sinceNanos, long announcedNanos) {
        boolean isDue(boolean allSpeak, long nowNanos) {
            var pause = allSpeak && nowNanos - sinceNanos > YOUNG.toNanos() ? SELDOM : OFTEN;
            return nowNanos - announcedNanos >= pause.toNanos();
        }
    }

    /** Those whose turn it is, the longest waiting first; they count as announced. */
    List<IpAddress> due(Set<IpAddress> held, boolean allSpeak, long nowNanos) {
        known.keySet().retainAll(held);
        held.forEach(address -> known.putIfAbsent(address, new Held(nowNanos, nowNanos)));
        var due = known.entrySet().stream()
                .filter(entry -> entry.getValue().isDue(allSpeak, nowNanos))
                .sorted(Comparator.comparing(entry -> entry.getValue().announcedNanos))
                .limit(MOST_AT_ONCE)
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(address -> known.computeIfPresent(address, (_, was) -> new Held(was.sinceNanos, nowNanos)));
        return due;
    }
}
