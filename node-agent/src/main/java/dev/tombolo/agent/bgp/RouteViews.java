package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.plan.PlannedPeer;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoute;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.bgp.view.RouteView;
import dev.tombolo.model.bgp.view.RouteView.State;
import dev.tombolo.model.bgp.view.RouterView;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesQuestion.Range;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.bgp.view.WithheldView;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** What routers are told, why, and why not, as far as it is asked for. */
final class RouteViews {
    private final PlannedPeers peers;
    private final PlannedRoutes planned;
    private final Told told;
    private final RoutesQuestion question;
    private final List<RouterView> routers = new ArrayList<>();
    private final List<RouteView> routes = new ArrayList<>();
    private int leftOut;

    /**
     * What came of it.
     *
     * @param acknowledged what a router with a session has been told
     * @param refused what the speaker was not even given, and why
     */
    record Told(
            SpeakerStatus status,
            Function<PeerId, Map<Prefix, PathAttributes>> acknowledged,
            Map<RouteKey, String> refused) {}

    RouteViews(PlannedPeers peers, PlannedRoutes planned, Told told, RoutesQuestion question) {
        this.peers = peers;
        this.planned = planned;
        this.told = told;
        this.question = question;
    }

    RoutesView view(String node, String problem) {
        peers.peers().forEach((id, peer) -> {
            if (question.isOfPeer(id, peer.session().peerAddress())) {
                add(id, peer);
            }
        });
        var withheld = withheld();
        int shown = Math.min(withheld.size(), question.limit());
        return new RoutesView(
                node, problem, routers, routes, leftOut, withheld.subList(0, shown), withheld.size() - shown);
    }

    private void add(PeerId id, PlannedPeer peer) {
        var session = Optional.ofNullable(told.status().peers().get(id));
        routers.add(router(id, peer, session));
        var wanted = planned.byPeer().getOrDefault(id, new TreeMap<>());
        var had = told.acknowledged().apply(id);
        prefixes(wanted, had)
                .map(prefix -> Optional.ofNullable(wanted.get(prefix))
                        .map(route -> route(id, route, had.get(prefix), session))
                        .orElseGet(() -> leaving(id, prefix, had.get(prefix))))
                .filter(route -> question.range() == Range.AVAILABLE || route.isTold())
                .forEach(this::add);
    }

    private Stream<Prefix> prefixes(Map<Prefix, ?> wanted, Map<Prefix, ?> had) {
        var rest = had.keySet().stream()
                .filter(prefix -> !wanted.containsKey(prefix))
                .sorted();
        return Stream.concat(wanted.keySet().stream(), rest).filter(question::isOfRoute);
    }

    private void add(RouteView route) {
        if (routes.size() < question.limit()) {
            routes.add(route);
        } else {
            leftOut++;
        }
    }

    private RouterView router(PeerId id, PlannedPeer peer, Optional<PeerStatus> session) {
        return new RouterView(
                id,
                peer.session().peerAddress().toString(),
                peer.session().peerAsn().number(),
                word(session.map(PeerStatus::state).orElse(SessionState.UNKNOWN)),
                session.map(status -> status.since().toString()).orElse(""),
                session.filter(status -> status.state() != SessionState.UNKNOWN)
                        .map(status -> status.reason().orElse(""))
                        .orElseGet(this::unknown));
    }

    private RouteView route(PeerId id, PlannedRoute planned, PathAttributes had, Optional<PeerStatus> session) {
        var route = planned.route();
        var refused = Optional.ofNullable(told.refused().get(new RouteKey(id, route.prefix())))
                .or(() -> session.map(status -> status.refused().get(route.prefix())));
        if (had != null) {
            boolean same = had.equals(route.attributes());
            return row(
                    id, planned, State.ADVERTISED, had, same ? "" : refused.orElse("a change is not acknowledged yet"));
        }
        if (refused.isPresent()) {
            return row(id, planned, State.REFUSED, route.attributes(), refused.get());
        }
        var state = session.map(PeerStatus::state).orElse(SessionState.UNKNOWN);
        return switch (state) {
            case UNKNOWN -> row(id, planned, State.UNKNOWN, route.attributes(), unknown());
            case ESTABLISHED -> row(id, planned, State.PENDING, route.attributes(), "it is not acknowledged yet");
            default -> row(id, planned, State.PENDING, route.attributes(), down(state, session));
        };
    }

    private static RouteView row(PeerId id, PlannedRoute planned, State state, PathAttributes attributes, String why) {
        return new RouteView(
                id,
                planned.route().prefix(),
                state,
                RouteView.Attributes.of(attributes),
                planned.standby(),
                planned.reasons().stream()
                        .map(reason -> new RouteView.Reason(reason.advertisement(), reason.subject()))
                        .toList(),
                why);
    }

    private static RouteView leaving(PeerId id, Prefix prefix, PathAttributes had) {
        return new RouteView(
                id,
                prefix,
                State.LEAVING,
                RouteView.Attributes.of(had),
                false,
                List.of(),
                "nothing asks for it any more; that it is withdrawn is not acknowledged yet");
    }

    private List<WithheldView> withheld() {
        return question.range() == Range.ADVERTISED
                ? List.of()
                : planned.withheld().stream()
                        .filter(some ->
                                some.peer().filter(peer -> !isShown(peer)).isEmpty())
                        .filter(some -> question.isOfSubject(some.subject()))
                        .map(some -> new WithheldView(some.advertisement(), some.peer(), some.subject(), some.why()))
                        .toList();
    }

    private boolean isShown(PeerId peer) {
        return routers.stream().anyMatch(router -> router.id().equals(peer));
    }

    private static String down(SessionState state, Optional<PeerStatus> session) {
        String why =
                session.flatMap(PeerStatus::reason).map(reason -> ": " + reason).orElse("");
        return "the session is " + word(state) + why;
    }

    private String unknown() {
        var status = told.status();
        return status.channel() == ChannelState.READY
                ? status.configurationProblem().orElse("the speaker does not hold this session yet")
                : "the speaker cannot be asked: " + status.reason();
    }

    private static String word(SessionState state) {
        return state.name().toLowerCase(Locale.ROOT).replace("_", "");
    }
}
