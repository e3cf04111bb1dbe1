package dev.tombolo.bgp.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.plan.PeerProblem;
import dev.tombolo.bgp.plan.PlannedPeer;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoute;
import dev.tombolo.bgp.plan.PlannedRoute.Reason;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.BgpRoute;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeReportTest {
    private static final PeerId TOR = new PeerId("a", "tor");
    private static final PeerId SPINE = new PeerId("a", "spine");

    @Test
    void eachPeerThatWasAskedForIsThereWithWhatItLacks() {
        var planned = new PlannedPeers(
                Optional.of("rack0"),
                peers(TOR, SPINE),
                List.of(
                        problem(PeerProblem.Kind.MISSING_AUTH_SECRET, new PeerId("a", "x")),
                        new PeerProblem(
                                PeerProblem.Kind.CONFLICTING_CLUSTER_CONFIG,
                                "young",
                                Optional.empty(),
                                Optional.empty(),
                                "why")));
        var report = NodeReport.of(
                "n1",
                planned,
                routes(Map.of(TOR, 2, SPINE, 5)),
                Map.of(TOR, new SessionView("established", ""), SPINE, new SessionView("active", "refused")));
        assertThat(report)
                .isEqualTo(new NodeReport(
                        "n1",
                        Optional.of("rack0"),
                        List.of("young"),
                        List.of(
                                new PeerReport(SPINE, Optional.of("fast"), "active", "NotEstablished", "refused"),
                                new PeerReport(TOR, Optional.of("fast"), "established", "", ""),
                                new PeerReport(
                                        new PeerId("a", "x"),
                                        Optional.of("fast"),
                                        "idle",
                                        "MissingAuthSecret",
                                        "about it")),
                        2));
        assertThat(report.sessions()).isEqualTo("1/3");
        assertThat(report.down()).isEqualTo("a/spine: NotEstablished, a/x: MissingAuthSecret");
        assertThat(report.reconcileError())
                .isEqualTo(
                        new BgpCondition("cilium.io/BGPReconcileError", true, "PeersWithoutSession", "a/x: about it"));
    }

    @Test
    void aRouterThatDoesNotAnswerIsNoErrorOfWhoeverConfiguredIt() {
        var planned = new PlannedPeers(Optional.of("rack0"), peers(TOR), List.of());
        var report = NodeReport.of("n1", planned, routes(Map.of()), Map.of());
        assertThat(report.sessions()).isEqualTo("0/1");
        assertThat(report.reconcileError().holds()).isFalse();
    }

    @Test
    void aLongListIsCut() {
        var problems = IntStream.range(0, 9)
                .mapToObj(i -> problem(PeerProblem.Kind.NO_LOCAL_ADDRESS, new PeerId("a", "p" + i)))
                .toList();
        var planned = new PlannedPeers(Optional.of("rack0"), peers(), problems);
        var report = NodeReport.of("n1", planned, routes(Map.of()), Map.of());
        assertThat(report.down())
                .isEqualTo("a/p0: NoLocalAddress, a/p1: NoLocalAddress, a/p2: NoLocalAddress and 6 more");
    }

    @Test
    void withoutPeersTheColumnIsEmpty() {
        var planned = new PlannedPeers(Optional.empty(), peers(), List.of());
        assertThat(NodeReport.of("n1", planned, routes(Map.of()), Map.of()).sessions())
                .isEmpty();
    }

    private static PeerProblem problem(PeerProblem.Kind kind, PeerId peer) {
        return new PeerProblem(kind, "rack0", Optional.of(peer), Optional.of("fast"), "about it");
    }

    private static SortedMap<PeerId, PlannedPeer> peers(PeerId... ids) {
        SortedMap<PeerId, PlannedPeer> peers = new TreeMap<>();
        for (PeerId id : ids) {
            var session = new BgpPeer(
                    id,
                    new Asn(64500),
                    new Asn(64501),
                    IpAddress.parse("192.0.2.11"),
                    IpAddress.parse("192.0.2.11"),
                    IpAddress.parse("192.0.2.1"),
                    179,
                    Duration.ofSeconds(9),
                    1,
                    Optional.empty(),
                    Optional.empty(),
                    new TreeSet<>(List.of(BgpFamily.IPV4)));
            peers.put(
                    id,
                    new PlannedPeer(
                            session,
                            "rack0",
                            Optional.of("fast"),
                            Map.of(),
                            Map.of(),
                            Optional.empty(),
                            Optional.empty()));
        }
        return peers;
    }

    private static PlannedRoutes routes(Map<PeerId, Integer> counts) {
        SortedMap<PeerId, SortedMap<Prefix, PlannedRoute>> byPeer = new TreeMap<>();
        counts.forEach((peer, count) -> {
            SortedMap<Prefix, PlannedRoute> routes = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                var prefix = Prefix.parse("203.0.113." + i);
                var route = new BgpRoute(prefix, PathAttributes.to(IpAddress.parse("192.0.2.11")));
                routes.put(prefix, new PlannedRoute(route, new TreeSet<>(List.of(new Reason("x", "y"))), false));
            }
            byPeer.put(peer, routes);
        });
        return new PlannedRoutes(byPeer, List.of(), Optional.empty());
    }
}
