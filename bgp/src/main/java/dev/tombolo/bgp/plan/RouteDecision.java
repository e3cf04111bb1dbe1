package dev.tombolo.bgp.plan;

import dev.tombolo.bgp.plan.Audience.Listener;
import dev.tombolo.model.bgp.BgpDrain.Stage;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.PathAttributes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What one router is told of one prefix that it was asked to be told. */
public sealed interface RouteDecision {
    record Told(PlannedRoute route) implements RouteDecision {}

    /** @param withheld one for each that asked, never empty */
    record Refused(List<Withheld> withheld) implements RouteDecision {
        public Refused {
            withheld = List.copyOf(withheld);
        }
    }

    /**
     * Of one prefix.
     *
     * @param candidates of this prefix, all there are, at least one
     * @return empty where nobody asked for this router
     */
    static Optional<RouteDecision> of(Listener listener, Collection<RouteCandidate> candidates) {
        var asked = candidates.stream()
                .filter(candidate -> listener.hears(candidate.advertisement(), BgpFamily.of(candidate.prefix())))
                .toList();
        return asked.isEmpty() ? Optional.empty() : Optional.of(decide(listener, asked));
    }

    private static RouteDecision decide(Listener listener, List<RouteCandidate> asked) {
        var prefix = asked.getFirst().prefix();
        var hop = listener.nextHop(prefix);
        var session = listener.peer().session();
        var why = RouteGuard.refusal(prefix, hop, session.peerAddress())
                .or(() -> listener.stage() == Stage.GONE ? Optional.of("it is drained") : Optional.empty());
        return why.<RouteDecision>map(reason -> new Refused(withheld(listener, asked, reason)))
                .orElseGet(() -> new Told(new RouteMerge(session, hop.orElseThrow(), listener.stage(), asked).route()));
    }

    private static List<Withheld> withheld(Listener listener, List<RouteCandidate> asked, String why) {
        var id = Optional.of(listener.peer().session().id());
        return asked.stream()
                .map(candidate -> new Withheld(candidate.advertisement().name(), id, candidate.subject(), why))
                .toList();
    }

    /** As a speaker takes it; empty where the router is not told. */
    default Optional<PathAttributes> told() {
        return switch (this) {
            case Told(var planned) -> Optional.of(planned.route().attributes());
            case Refused _ -> Optional.empty();
        };
    }
}
