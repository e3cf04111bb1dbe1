package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.RouterScene.ALL_NODES;
import static dev.tombolo.scenarios.RouterScene.SERVICE;
import static dev.tombolo.scenarios.RouterScene.awaitNextHops;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes tell two routers at once, BIRD and FRR, of which FRR is looked at here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InMeshLab.class)
class FrrTest {
    /** Far from what hold times and graceful restart would take. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Set<String> NODES_OF_CLUSTER1 = Set.of("172.30.1.11", "172.30.1.12");
    private static final Set<String> NODES_OF_CLUSTER2 = Set.of("172.30.2.11", "172.30.2.12");

    private FrrRouter frr;

    @BeforeAll
    void apply(MeshLab lab) throws IOException {
        frr = FrrRouter.start(lab);
        RouterScene.apply(lab);
        MeshLab.CLUSTERS.forEach(cluster -> lab.programs.kubectl(
                cluster, "patch", "ciliumbgpclusterconfig/harbour", "--type=json", "-p", """
                [{"op": "add", "path": "/spec/bgpInstances/0/peers/-", "value":
                  {"name": "frr", "peerASN": %d, "peerAddress": "%s", "peerConfigRef": {"name": "router"}}}]""".formatted(
                                FrrRouter.ASN, FrrRouter.address(cluster))));
        awaitWays(ALL_NODES);
        awaitWatched();
    }

    @AfterAll
    void remove(MeshLab lab) {
        if (frr == null) {
            return;
        }
        try (var _ = frr) {
            RouterScene.remove(lab);
            MeshLab.await("FRR to forget", () -> frr.nextHops(SERVICE).isEmpty());
        }
    }

    @Test
    void learnsWhatTheOtherRouterLearns(MeshLab lab) {
        assertThat(frr.nextHops("10.1.1.0/24")).containsExactly("172.30.1.11");
        assertThat(frr.nextHops("10.2.2.0/24")).containsExactly("172.30.2.12");
        assertThat(frr.nextHops(SERVICE)).isEqualTo(ALL_NODES);
        assertThat(lab.look("bgp", "peers", "--context", "cluster1").output()).contains("established: 4 of 4");
    }

    /** Both ends of BFD go on, and so tell that the node is not dead. */
    @Test
    void aSpeakerThatDiesTakesNoRouteAlong(MeshLab lab) {
        var seen = CompletableFuture.supplyAsync(() -> RouterScene.watch(lab, FrrRouter.NETWORK, SERVICE));
        KilledContainers.kill(lab, 1, "tombolo-bgp", "exabgp").awaitBack();
        MeshLab.await(
                "sessions to be back",
                () -> lab.look("bgp", "peers", "--context", "cluster1").output().contains("established: 4 of 4"));
        assertThat(seen.join().lines().distinct()).containsExactly(String.join(" ", new TreeSet<>(ALL_NODES)));
        awaitWatched();
    }

    /** With hold times of 90 s, and graceful restart, which would keep its routes for another 60. */
    @Test
    void aNodeThatFallsSilentLosesItsRoutesAtOnce(MeshLab lab) {
        try {
            lab.in("internet", "bridge link set dev c1n1 state 0");
            MeshLab.await(
                    "FRR to drop it",
                    SOON,
                    () -> frr.nextHops(SERVICE),
                    Set.of("172.30.1.12", "172.30.2.11", "172.30.2.12")::equals);
        } finally {
            lab.in("internet", "bridge link set dev c1n1 state 3");
        }
        awaitWays(ALL_NODES);
        awaitNextHops(lab, ALL_NODES);
        awaitWatched();
    }

    @Test
    void aClusterWithoutBackendsIsNoWay(MeshLab lab) {
        lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=0");
        awaitWays(NODES_OF_CLUSTER2);
        assertThat(frr.nextHops("10.1.1.0/24")).containsExactly("172.30.1.11");
        lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=1");
        awaitWays(ALL_NODES);
        awaitNextHops(lab, ALL_NODES);
    }

    private void awaitWays(Set<String> nodes) {
        MeshLab.await("FRR to have the ways " + nodes, () -> frr.nextHops(SERVICE), nodes::equals);
    }

    private void awaitWatched() {
        MeshLab.await("FRR to watch both nodes of cluster1", frr::watched, NODES_OF_CLUSTER1::equals);
    }
}
