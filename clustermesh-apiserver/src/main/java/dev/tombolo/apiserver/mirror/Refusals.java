package dev.tombolo.apiserver.mirror;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.Invalid.Reason;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What is refused at this moment, counted by reason: an object that was mended or taken away counts no more. Keys are the
 * peer's to choose, so what is kept of one has a fixed size and the number of those kept is bounded; what comes beyond
 * stays counted until the next listing. Not thread-safe.
 */
final class Refusals {
    static final int MOST_KEPT = 200_000;

    private final Map<UUID, Reason> kept = new HashMap<>();
    private final Map<Reason, Long> counts = new EnumMap<>(Reason.class);
    private final Map<Reason, Invalid> examples = new EnumMap<>(Reason.class);

    void put(String key, Invalid why) {
        remove(key);
        if (kept.size() < MOST_KEPT) {
            kept.put(digest(key), why.reason());
        }
        counts.merge(why.reason(), 1L, Long::sum);
        examples.put(why.reason(), why);
    }

    /** The object is believed now, or gone. */
    void remove(String key) {
        if (kept.isEmpty()) {
            return;
        }
        Reason before = kept.remove(digest(key));
        if (before != null) {
            counts.computeIfPresent(before, (_, count) -> count == 1 ? null : count - 1);
        }
    }

    void clear() {
        kept.clear();
        counts.clear();
        examples.clear();
    }

    Map<Reason, Long> counts() {
        return new EnumMap<>(counts);
    }

    /** The last one of each reason. */
    Map<Reason, Invalid> examples() {
        return new EnumMap<>(examples);
    }

    private static UUID digest(String key) {
        return UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
    }
}
