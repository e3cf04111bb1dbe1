package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.RouterScene.ALL_NODES;
import static dev.tombolo.scenarios.RouterScene.SERVICE;
import static dev.tombolo.scenarios.RouterScene.awaitNextHops;
import static dev.tombolo.scenarios.RouterScene.nextHops;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a router learns, as it is seen by whoever uses it. */
@ExtendWith(InMeshLab.class)
class RoutersTest {
    private static final int A_SECOND = 40;
    private static final Set<String> NODES_OF_CLUSTER1 = Set.of("172.30.1.11", "172.30.1.12");
    private static final Set<String> NODES_OF_CLUSTER2 = Set.of("172.30.2.11", "172.30.2.12");
    private static final String EGRESS_IP = "203.0.113.9";
    private static final String EGRESS = """
            apiVersion: tombolo.dev/v1alpha1
            kind: EgressIPPool
            metadata: {name: lighthouse, labels: {tell: routers}}
            spec: {ranges: [{cidr: 203.0.113.9/32}]}
            ---
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata: {name: lighthouse}
            spec:
              selectors:
                - podSelector: {matchLabels: {app: client, io.kubernetes.pod.namespace: shop}}
              destinationCIDRs: [198.51.100.10/32]
              egressGateway:
                nodeSelector: {matchLabels: {lighthouse: "yes"}}
                egressIP: 203.0.113.9
            """;

    @BeforeAll
    static void apply(MeshLab lab) throws IOException {
        RouterScene.apply(lab);
    }

    @AfterAll
    static void remove(MeshLab lab) {
        RouterScene.remove(lab);
    }

    @Test
    void routersLearnPodRangesAndServicesOfBothClusters(MeshLab lab) {
        assertThat(nextHops(lab, "10.1.1.0/24")).containsExactly("172.30.1.11");
        assertThat(nextHops(lab, "10.2.2.0/24")).containsExactly("172.30.2.12");
        var answers = MeshLab.await(
                "the service to answer", () -> RouterScene.ask(lab), answered -> answered.ok() == answered.sent());
        assertThat(answers.byCluster().keySet()).containsExactlyInAnyOrder("cluster1", "cluster2");
        assertThat(lab.look("bgp", "peers", "--context", "cluster1").output()).contains("established");
    }

    /** As the agents say that it was told; of what the router makes of it, {@link RouterScene#nextHops} is the proof. */
    @Test
    void routesAreShownAsTheRouterHasThem(MeshLab lab) {
        var told = MeshLab.await(
                "both nodes to tell of it",
                () -> lab.look("bgp", "routes", "--context", "cluster1", "--vip", SERVICE)
                        .output(),
                shown -> shown.contains("2 routes told in 2 sessions of 2 nodes"));
        assertThat(told)
                .containsPattern("node1 +main/router +192.0.2.144/32 +advertised +172.30.1.11 ")
                .containsPattern("node2 +main/router +192.0.2.144/32 +advertised +172.30.1.12 ")
                .contains("all: Service lighthouse/lamp ExternalIP " + SERVICE);
        var available =
                lab.look("bgp", "routes", "available", "--context", "cluster2", "--peer", "main/router", "-o", "json");
        assertThat(available.output()).contains("\"prefix\": \"10.2.2.0/24\"", "\"left_out\": 0", "\"problems\": []");
    }

    /**
     * Whose backends have died is no way any more; the other cluster's nodes have them. Lost is what the backend had, and
     * what came to it before its own cluster knew.
     */
    @Test
    void aClusterWithoutBackendsIsNoWay(MeshLab lab) {
        var load = CompletableFuture.supplyAsync(
                () -> RouterScene.load(lab, "--rate %d --duration 15 --timeout-ms 2000".formatted(A_SECOND)));
        lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=0");
        awaitNextHops(lab, NODES_OF_CLUSTER2);
        assertThat(load.join().sent() - load.join().ok()).isLessThan(A_SECOND / 2);
        assertThat(load.join().byCluster().keySet()).contains("cluster2");
        lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=1");
        awaitNextHops(lab, ALL_NODES);
    }

    /** Paths of a cluster that stands by are longer: a way for want of a better one. */
    @Test
    void aClusterStandsByForAnother(MeshLab lab) {
        annotateAdvertisements(lab, "bgp.tombolo.dev/active-clusters=cluster1");
        awaitNextHops(lab, NODES_OF_CLUSTER1);
        lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=0");
        awaitNextHops(lab, NODES_OF_CLUSTER2);
        lab.programs.kubectl(1, "-n", "lighthouse", "scale", "deployment/lamp", "--replicas=1");
        awaitNextHops(lab, NODES_OF_CLUSTER1);
        annotateAdvertisements(lab, "bgp.tombolo.dev/active-clusters-");
        awaitNextHops(lab, ALL_NODES);
    }

    private static void annotateAdvertisements(MeshLab lab, String annotation) {
        MeshLab.CLUSTERS.forEach(cluster ->
                lab.programs.kubectl(cluster, "annotate", "--overwrite", "ciliumbgpadvertisement", "all", annotation));
    }

    /** Whoever is drained serves until nobody comes any more. */
    @Test
    void aDrainedClusterLosesItsWaysAndNoRequest(MeshLab lab) {
        var load = CompletableFuture.supplyAsync(
                () -> RouterScene.load(lab, "--rate %d --duration 45 --timeout-ms 2000".formatted(A_SECOND)));
        lab.programs.tombolo("bgp", "drain", "--cluster", "--context", "cluster1");
        awaitNextHops(lab, NODES_OF_CLUSTER2);
        assertThat(nextHops(lab, "10.1.1.0/24")).isEmpty();
        assertThat(load.join().ok()).isEqualTo(load.join().sent()).isPositive();
        lab.programs.tombolo("bgp", "drain", "--cluster", "--undo", "--context", "cluster1");
        awaitNextHops(lab, ALL_NODES);
    }

    /** An address that no network has: answers come back because the router was told, and by whom. */
    @Test
    void anEgressAddressIsAtItsGateway(MeshLab lab) throws IOException {
        lab.programs.kubectl(1, "label", "--overwrite", "node", "node1", "lighthouse=yes");
        new AppliedObjects(lab).apply(1, EGRESS);
        try {
            awaitNextHops(lab, EGRESS_IP, Set.of("172.30.1.11"));
            assertThat(nextHops(lab, EGRESS_IP)).containsExactly("172.30.1.11");
            MeshLab.await("the outside to see it", () -> seenOutside(lab), Set.of(EGRESS_IP)::equals);
            lab.programs.kubectl(1, "label", "--overwrite", "node", "node2", "lighthouse=yes");
            lab.programs.kubectl(1, "label", "node", "node1", "lighthouse-");
            awaitNextHops(lab, EGRESS_IP, Set.of("172.30.1.12"));
            MeshLab.await("the outside to see it again", () -> seenOutside(lab), Set.of(EGRESS_IP)::equals);
        } finally {
            lab.programs.kubectl(1, "delete", "ciliumegressgatewaypolicies/lighthouse", "egressippools/lighthouse");
            lab.programs.kubectl(1, "label", "node", "node1", "node2", "lighthouse-");
        }
        MeshLab.await("the router to forget it", () -> nextHops(lab, EGRESS_IP).isEmpty());
    }

    private static Set<String> seenOutside(MeshLab lab) {
        return lab.shop.ask(1, 5, "http://198.51.100.10:8080/").bySource().keySet();
    }
}
