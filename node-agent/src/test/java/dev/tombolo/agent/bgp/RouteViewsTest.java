package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.plan.PlannedPeer;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoute;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.bgp.plan.Withheld;
import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.BgpRoute;
import dev.tombolo.model.bgp.Community;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.bgp.view.RouteView;
import dev.tombolo.model.bgp.view.RoutesQuestion;
import dev.tombolo.model.bgp.view.RoutesQuestion.Range;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Node n1 has two routers: tor1 is told what the test says, tor2 is down. */
class RouteViewsTest {
    private static final PeerId TOR1 = new PeerId("main", "tor1");
    private static final PeerId TOR2 = new PeerId("main", "tor2");
    private static final PathAttributes HERE = PathAttributes.to(IpAddress.parse("192.0.2.9"));
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

    private final SortedMap<PeerId, SortedMap<Prefix, PlannedRoute>> planned = new TreeMap<>();
    private final Map<Prefix, PathAttributes> told = new HashMap<>();
    private final Map<RouteKey, String> refused = new HashMap<>();
    private ChannelState channel = ChannelState.READY;

    @Test
    void saysOfEachRouteHowItIsAndWhy() {
        plan(TOR1, "198.51.100.1/32", "198.51.100.2/32", "198.51.100.3/32", "198.51.100.4/32");
        told.put(prefix("198.51.100.1/32"), HERE);
        told.put(prefix("198.51.100.2/32"), HERE.with(List.of(Community.GRACEFUL_SHUTDOWN)));
        refused.put(new RouteKey(TOR1, prefix("198.51.100.3/32")), "not advertised: poison");
        told.put(prefix("203.0.113.0/24"), HERE);
        assertThat(shown(Range.AVAILABLE))
                .containsExactly(
                        "198.51.100.1/32 ADVERTISED [] ",
                        "198.51.100.2/32 ADVERTISED [65535:0] a change is not acknowledged yet",
                        "198.51.100.3/32 REFUSED [] not advertised: poison",
                        "198.51.100.4/32 PENDING [] it is not acknowledged yet",
                        "203.0.113.0/24 LEAVING [] nothing asks for it any more; that it is withdrawn is not acknowledged yet");
        assertThat(shown(Range.ADVERTISED))
                .containsExactly(
                        "198.51.100.1/32 ADVERTISED [] ",
                        "198.51.100.2/32 ADVERTISED [65535:0] a change is not acknowledged yet",
                        "203.0.113.0/24 LEAVING [] nothing asks for it any more; that it is withdrawn is not acknowledged yet");
    }

    @Test
    void aRouteHasTheReasonsThatAskForIt() {
        plan(TOR1, "198.51.100.1/32");
        var route = view(Range.AVAILABLE, Optional.empty(), 10).routes().getFirst();
        assertThat(route.reasons())
                .containsExactly(new RouteView.Reason("all", "Service shop/web ExternalIP 198.51.100.1/32"));
        assertThat(route.standby()).isTrue();
    }

    @Test
    void nothingIsToldWithoutASession() {
        plan(TOR2, "198.51.100.1/32");
        assertThat(shown(Range.ADVERTISED)).isEmpty();
        assertThat(shown(Range.AVAILABLE))
                .containsExactly("198.51.100.1/32 PENDING [] the session is active: nobody answers");
    }

    @Test
    void whatNobodyCanSayIsNotGuessed() {
        plan(TOR1, "198.51.100.1/32");
        channel = ChannelState.ABSENT;
        assertThat(shown(Range.AVAILABLE))
                .containsExactly("198.51.100.1/32 UNKNOWN [] the speaker cannot be asked: no socket");
    }

    @Test
    void theFirstOnesAreShownAndTheOthersCounted() {
        plan(TOR1, "198.51.100.1/32", "198.51.100.2/32", "198.51.100.3/32");
        var view = view(Range.AVAILABLE, Optional.empty(), 1);
        assertThat(view.routes()).extracting(RouteView::prefix).containsExactly(prefix("198.51.100.1/32"));
        assertThat(view.leftOut()).isEqualTo(2);
        assertThat(view.withheld()).hasSize(1);
        assertThat(view.withheldLeftOut()).isEqualTo(1);
    }

    @Test
    void aPeerIsMeantByItsNameOrAddress() {
        plan(TOR1, "198.51.100.1/32");
        plan(TOR2, "198.51.100.1/32");
        for (String wanted : List.of("main/tor2", "192.0.2.2")) {
            var view = view(Range.AVAILABLE, Optional.of(wanted), 10);
            assertThat(view.routers()).extracting(router -> router.id()).containsExactly(TOR2);
            assertThat(view.routes()).extracting(RouteView::peer).containsExactly(TOR2);
            // Of what is withheld, that of all routers is this one's too, and that of the other one is not.
            assertThat(view.withheld()).extracting(some -> some.peer()).containsExactly(Optional.empty());
        }
    }

    private List<String> shown(Range range) {
        return view(range, Optional.empty(), 10).routes().stream()
                .map(route -> "%s %s %s %s"
                        .formatted(
                                route.prefix(),
                                route.state(),
                                route.attributes().communities(),
                                route.why()))
                .toList();
    }

    private RoutesView view(Range range, Optional<String> peer, int limit) {
        var peers = new TreeMap<PeerId, PlannedPeer>();
        peers.put(TOR1, peer(TOR1, "192.0.2.1"));
        peers.put(TOR2, peer(TOR2, "192.0.2.2"));
        var withheld = List.of(
                new Withheld("all", Optional.empty(), "Service shop/db ClusterIP 10.96.0.1", "no backend"),
                new Withheld("all", Optional.of(TOR1), "egress address 192.0.2.1", "it is the router's own"));
        return new RouteViews(
                        new PlannedPeers(Optional.of("rack0"), peers, List.of()),
                        new PlannedRoutes(planned, withheld, Optional.empty()),
                        new RouteViews.Told(status(), this::acknowledged, refused),
                        new RoutesQuestion(range, peer, Optional.empty(), limit))
                .view("n1", "");
    }

    private Map<Prefix, PathAttributes> acknowledged(PeerId peer) {
        return peer.equals(TOR1) ? told : Map.of();
    }

    private SpeakerStatus status() {
        var up = channel == ChannelState.READY ? SessionState.ESTABLISHED : SessionState.UNKNOWN;
        return new SpeakerStatus(
                channel,
                SINCE,
                "no socket",
                Optional.empty(),
                Optional.empty(),
                Map.of(TOR1, session(up, ""), TOR2, session(SessionState.ACTIVE, "nobody answers")),
                new SpeakerStatus.Counters(0, 0, 0, 0, 0, 0, Duration.ZERO));
    }

    private static PeerStatus session(SessionState state, String reason) {
        return new PeerStatus(
                state,
                SINCE,
                Optional.of(reason).filter(said -> !said.isEmpty()),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                0,
                0,
                0,
                Map.of(),
                true);
    }

    private void plan(PeerId peer, String... prefixes) {
        var routes = new TreeMap<Prefix, PlannedRoute>();
        for (String text : prefixes) {
            var reason = new PlannedRoute.Reason("all", "Service shop/web ExternalIP " + text);
            routes.put(
                    prefix(text),
                    new PlannedRoute(new BgpRoute(prefix(text), HERE), new TreeSet<>(List.of(reason)), true));
        }
        planned.put(peer, routes);
    }

    private static PlannedPeer peer(PeerId id, String address) {
        var session = new BgpPeer(
                id,
                new Asn(64_500),
                new Asn(64_501),
                IpAddress.parse("192.0.2.9"),
                IpAddress.parse("192.0.2.9"),
                IpAddress.parse(address),
                179,
                Duration.ofSeconds(9),
                1,
                Optional.empty(),
                Optional.empty(),
                new TreeSet<>(List.of(BgpFamily.IPV4)));
        return new PlannedPeer(
                session, "rack0", Optional.empty(), Map.of(), Map.of(), Optional.empty(), Optional.empty());
    }

    private static Prefix prefix(String text) {
        return Prefix.parse(text);
    }
}
