package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.BESIDE;
import static dev.tombolo.scenarios.EgressScene.OUTSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.scenarios.EgressScene.Sender;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods of cluster1 that a policy sends to gateways of cluster2: they leave by its address, or not at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InMeshLab.class)
class EgressAcrossClustersTest {
    private static final String EGRESS_IP = "172.30.2.200";
    private static final String CONSENT = "egress.tombolo.dev/may-use-gateways";
    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata:
              name: billing
              annotations: {egress.tombolo.dev/cluster: cluster2}
            spec:
              selectors:
                - podSelector:
                    matchLabels: {team: billing, io.kubernetes.pod.namespace: finance}
              destinationCIDRs: [198.51.100.10/32]
              egressGateway:
                nodeSelector: {matchLabels: {egress: "yes"}}
                egressIP: 172.30.2.200
            """;

    private static final String FLOATING = "172.30.2.210";

    private static final String POOL = """
            apiVersion: tombolo.dev/v1alpha1
            kind: EgressIPPool
            metadata: {name: moving}
            spec:
              ranges:
                - {start: 172.30.2.210, end: 172.30.2.210}
            ---
            """;

    private static final String OWN = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata:
              name: own
            spec:
              selectors:
                - podSelector:
                    matchLabels: {team: nobody}
              destinationCIDRs: [203.0.113.0/24]
              egressGateway:
                nodeSelector: {matchLabels: {egress: "yes"}}
                egressIP: 172.30.2.210
            """;

    private EgressScene scene;

    @BeforeAll
    void prepare(MeshLab lab) {
        scene = new EgressScene(lab);
        scene.preparePods();
        lab.onNode(2, "node2", "ip addr replace " + EGRESS_IP + "/24 dev eth0");
        lab.programs.kubectl(2, "label", "--overwrite", "node", "node2", "egress=yes");
    }

    @AfterEach
    void forgetPolicyAndConsent(MeshLab lab) {
        scene.deletePolicy();
        consent(lab, "null");
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, sender.node));
    }

    @AfterAll
    void remove(MeshLab lab) {
        new EgressScene(lab).remove();
        lab.programs.kubectl(2, "label", "node", "node2", "egress-");
        lab.onNode(2, "node2", "ip addr replace %1$s/24 dev eth0; ip addr del %1$s/24 dev eth0".formatted(EGRESS_IP));
    }

    @Test
    void podsAreSeenUnderTheAddressOfTheOtherCluster(MeshLab lab) {
        consent(lab, "\"true\"");
        lab.programs.apply(1, POLICY);
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));

        try (var fromOne = LeavingTraffic.watch(lab, 1);
                var fromTwo = LeavingTraffic.watch(lab, 2)) {
            Sender.SELECTED.forEach(
                    sender -> assertThat(scene.ask(sender, OUTSIDE, "--requests", "100", "--concurrency", "4")
                                    .bySource())
                            .isEqualTo(Map.of(EGRESS_IP, 100L)));
            assertThat(scene.start(Sender.BILLING, "ping", "-q", "-c", "5", "-i", "0.2", "-W", "2", "198.51.100.10")
                            .join()
                            .expectSuccess())
                    .contains(" 0% packet loss");
            assertThat(fromOne.sources()).isEmpty();
            assertThat(fromTwo.sources()).containsExactlyInAnyOrder(EGRESS_IP + " . tcp", EGRESS_IP + " . icmp");
        }
        scene.awaitSeen(Sender.BILLING, BESIDE, Sender.BILLING.node);
        scene.awaitSeen(Sender.AUDIT, OUTSIDE, Sender.AUDIT.node);
    }

    /** The address is of a pool of cluster2, where a policy of its own uses it; cluster1 follows where it goes. */
    @Test
    void anAddressThatMovesInTheOtherClusterIsFollowed(MeshLab lab) {
        consent(lab, "\"true\"");
        lab.programs.kubectl(2, "label", "--overwrite", "node", "node1", "egress=yes");
        lab.programs.apply(2, POOL + OWN);
        lab.programs.apply(1, POLICY.replace(EGRESS_IP, FLOATING));
        try (var fromOne = LeavingTraffic.watch(lab, 1);
                var fromTwo = LeavingTraffic.watch(lab, 2)) {
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, FLOATING));
            String first = holder(lab);
            drain(lab, first, "\"true\"");
            MeshLab.await("another node to have " + FLOATING, () -> !holder(lab).equals(first));
            Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, FLOATING));
            assertThat(fromOne.sources()).isEmpty();
            assertThat(fromTwo.sources()).containsExactly(FLOATING + " . tcp");
            drain(lab, first, "null");
        } finally {
            lab.programs.kubectl(2, "delete", "--ignore-not-found", "ciliumegressgatewaypolicy", "own");
            lab.programs.kubectl(2, "delete", "--ignore-not-found", "egressippool", "moving");
            lab.programs.kubectl(2, "label", "node", "node1", "egress-");
        }
    }

    private static void drain(MeshLab lab, String node, String value) {
        lab.patch(2, "node", node, "{\"metadata\":{\"annotations\":{\"egress.tombolo.dev/drain\":" + value + "}}}");
    }

    /** The node of cluster2 that has the address on a device. */
    private static String holder(MeshLab lab) {
        return Stream.of("node1", "node2")
                .filter(node -> lab.onNode(2, node, "ip -br addr show").contains(FLOATING + "/"))
                .findFirst()
                .orElse("");
    }

    /** The routers between them say so to the nodes, or nobody does. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsBetweenTheClustersTakesSmallPacketsOnly(boolean routersSaySo, MeshLab lab) {
        consent(lab, "\"true\"");
        lab.programs.apply(1, POLICY);
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));
        if (!routersSaySo) {
            lab.programs.fault("block-icmp");
        }
        lab.programs.fault("mtu", "1280");
        try (var fromOne = LeavingTraffic.watch(lab, 1)) {
            for (var sender : Sender.SELECTED) {
                scene.awaitTold(sender, 1_216);
                scene.expectMegabytes(sender);
            }
            lab.heal();
            forgetWhatRoutersSaid(lab);
            Sender.SELECTED.forEach(scene::awaitWide);
            assertThat(fromOne.sources()).isEmpty();
        }
    }

    /** As the nodes themselves do after ten minutes. */
    private static void forgetWhatRoutersSaid(MeshLab lab) {
        for (int cluster : MeshLab.CLUSTERS) {
            for (String node : List.of("node1", "node2")) {
                lab.onNode(cluster, node, "ip route flush cache");
            }
        }
        lab.in("outside", "ip route flush cache");
    }

    @Test
    void withoutConsentOfTheOtherClusterNothingLeaves(MeshLab lab) {
        lab.programs.apply(1, POLICY);
        Sender.SELECTED.forEach(sender -> scene.awaitSilence(sender, OUTSIDE));
        expectNothingLeaves(lab);
        MeshLab.await(
                "the policy to say that there is no gateway",
                () -> noGateway(lab).contains(CONSENT));

        consent(lab, "\"true\"");
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, EGRESS_IP));

        consent(lab, "null");
        Sender.SELECTED.forEach(sender -> scene.awaitSilence(sender, OUTSIDE));
        expectNothingLeaves(lab);
    }

    private void expectNothingLeaves(MeshLab lab) {
        try (var fromOne = LeavingTraffic.watch(lab, 1);
                var fromTwo = LeavingTraffic.watch(lab, 2)) {
            Sender.SELECTED.forEach(sender -> assertThat(
                            scene.ask(sender, OUTSIDE, "--requests", "20", "--concurrency", "10", "--timeout-ms", "500")
                                    .ok())
                    .isZero());
            assertThat(fromOne.sources()).isEmpty();
            assertThat(fromTwo.sources()).isEmpty();
        }
    }

    private static void consent(MeshLab lab, String value) {
        lab.patch(2, "meshpeer", "cluster1", "{\"metadata\":{\"annotations\":{\"" + CONSENT + "\":" + value + "}}}");
    }

    private static String noGateway(MeshLab lab) {
        var conditions = lab.get(1, "ciliumegressgatewaypolicy", "billing").at("/status/conditions");
        return StreamSupport.stream(conditions.spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals("NoGateway"))
                .map(condition -> condition.path("message").asText())
                .findFirst()
                .orElse("");
    }
}
