package dev.tombolo.agent.mesh;

import dev.tombolo.model.cluster.ClusterName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Peers that were declared until a moment ago. Their paths outlast their services for a while: a request under way is
 * answered still, and so is the peer, which learns at another moment that it is one no more. Confined to the thread that
 * plans, but for the call that wakes it.
 */
final class Farewells {
    private final Duration lasting;
    private final Runnable over;
    private final Map<ClusterName, Long> since = new HashMap<>();

    /** @param over called when a farewell is over, on a thread of its own */
    Farewells(Duration lasting, Runnable over) {
        this.lasting = lasting;
        this.over = over;
    }

    /** Those of {@code before} that are declared no more, and are not gone for long. */
    Set<ClusterName> of(Collection<ClusterName> before, Collection<ClusterName> declared) {
        since.keySet().removeAll(declared);
        since.keySet().retainAll(before);
        var leaving = new HashSet<>(before);
        leaving.removeAll(declared);
        leaving.removeIf(peer -> isOver(since.computeIfAbsent(peer, _ -> begin())));
        return leaving;
    }

    private boolean isOver(long begun) {
        return System.nanoTime() - begun >= lasting.toNanos();
    }

    /** The time first: whoever is told that it is over must find it so. */
    private long begin() {
        long begun = System.nanoTime();
        Thread.startVirtualThread(this::end);
        return begun;
    }

    private void end() {
        try {
            Thread.sleep(lasting);
            over.run();
        } catch (InterruptedException nobodyInterrupts) {
            Thread.currentThread().interrupt();
        }
    }
}
