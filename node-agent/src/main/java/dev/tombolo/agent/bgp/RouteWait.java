package dev.tombolo.agent.bgp;

import dev.tombolo.model.bgp.BgpPeer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How long an agent that has started may know no routes. Routers keep those of an earlier life for the restart time that they
 * were told of (RFC 4724); that they have heard all is not said before it is so, whatever time passes.
 */
final class RouteWait {
    /** What Cilium has where nothing is said. */
    private static final Duration USUAL_RESTART = Duration.ofSeconds(120);

    private RouteWait() {}

    /**
     * What is to be said of it from two thirds of the shortest restart time on: the rest is for whoever can help.
     *
     * @param sessions as far as they are known
     * @param unread what was not read yet
     */
    static Optional<String> overdue(Duration waited, Collection<BgpPeer> sessions, List<String> unread) {
        var shortest = sessions.stream()
                .flatMap(session -> session.restartTime().stream())
                .min(Duration::compareTo)
                .orElse(USUAL_RESTART);
        if (waited.compareTo(shortest.multipliedBy(2).dividedBy(3)) < 0) {
            return Optional.empty();
        }
        String why = unread.isEmpty()
                ? "ExaBGP has not said what it holds"
                : "nothing was read yet of: " + String.join(", ", unread);
        return Optional.of(
                "what routers are to be told is not known " + waited.toSeconds() + " s after start, as " + why
                        + "; they keep what they were told before, after a start of ExaBGP only until their own timers end");
    }
}
