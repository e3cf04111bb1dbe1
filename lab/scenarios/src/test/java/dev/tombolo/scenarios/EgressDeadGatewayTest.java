package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.OUTSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.programs.LoadResult;
import dev.tombolo.scenarios.EgressScene.Sender;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two nodes may be the gateway, each with its own address: node1 is, being the first, and node2 stands by. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InMeshLab.class)
class EgressDeadGatewayTest {
    private static final String NODE1 = "172.30.1.11";
    private static final String NODE2 = "172.30.1.12";
    private static final String POLICY = """
            apiVersion: cilium.io/v2
            kind: CiliumEgressGatewayPolicy
            metadata: {name: either}
            spec:
              selectors:
                - podSelector:
                    matchLabels: {team: billing, io.kubernetes.pod.namespace: finance}
              destinationCIDRs: [198.51.100.10/32]
              egressGateway:
                nodeSelector: {matchLabels: {either: "yes"}}
            """;

    private MeshLab lab;
    private EgressScene scene;
    private EgressConditions conditions;

    @BeforeAll
    void prepare(MeshLab shared) {
        lab = shared;
        scene = new EgressScene(lab);
        conditions = new EgressConditions(lab);
        lab.programs.kubectl(1, "label", "--overwrite", "node", "node1", "node2", "either=yes");
        scene.preparePods();
        lab.programs.apply(1, POLICY);
        expectSeenAs(NODE1);
        conditions.awaitInForce("either");
    }

    @AfterAll
    void remove() {
        lab.programs.kubectl(1, "delete", "ciliumegressgatewaypolicy", "either", "--ignore-not-found");
        lab.programs.kubectl(1, "label", "node", "node1", "node2", "either-");
        scene.remove();
    }

    /** Kubernetes calls its node ready all the time. The sender on the other node has its connections through it. */
    @Test
    void podsLeaveAGatewayWhoseWireGuardIsDeadAndReturnWhenItIsBack() {
        try (var leaving = LeavingTraffic.watch(lab)) {
            var connections = scene.startLoad(
                    Sender.BILLING_AT_GATEWAY,
                    "--keepalive",
                    "--concurrency",
                    "4",
                    "--rate",
                    "16",
                    "--timeout-ms",
                    "5000");
            MeshLab.await("connections by node1", () -> leaving.sources().contains(NODE1 + " . tcp"));
            try (var _ = StoppedCarrier.stop(lab, "node1")) {
                expectSeenAs(NODE2);
                expectSaidThatItIsOut();
                assertThat(isReady("node1")).isTrue();
            } finally {
                connections.endInput();
            }
            expectNoneHangs(connections.join().output());
            expectSeenAs(NODE1);
            assertThat(leaving.sources()).containsExactlyInAnyOrder(NODE1 + " . tcp", NODE2 + " . tcp");
        }
        MeshLab.await(
                "the policy to say that all answer",
                () -> conditions.of("either", "GatewaysOut").startsWith("False AllAnswer"));
        conditions.awaitInForce("either");
    }

    private void expectSeenAs(String address) {
        Sender.SELECTED.forEach(sender -> scene.awaitSeen(sender, OUTSIDE, address));
    }

    private void expectSaidThatItIsOut() {
        MeshLab.await(
                "the policy to say that node1 is out",
                () -> conditions.of("either", "GatewaysOut").startsWith("True NoAnswer: most nodes that ask get no")
                        && conditions.of("either", "Programmed").startsWith("True InSync"));
        assertThat(lab.look("egress", "list", "--context", "cluster1").output())
                .containsPattern("GatewaysOut: most nodes that ask get no answer from\\s+node1");
        var answer = scene.explain(Sender.BILLING_AT_GATEWAY, "198.51.100.10");
        assertThat(answer.path("gateway").asText()).isEqualTo("node2");
        assertThat(answer.path("gateways_out").asText()).contains("no answer from node1");
    }

    private boolean isReady(String node) {
        for (var condition : lab.get(1, "node", node).at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** Each goes on with the gateway that it has, or is reset: the other one has another address. */
    private static void expectNoneHangs(String output) {
        var result = LoadResult.parse(output);
        long resets = MeshLab.json(output.lines()
                        .filter(line -> line.startsWith("{"))
                        .toList()
                        .getLast())
                .at("/errors/reset")
                .asLong();
        System.out.println("connections: " + output);
        assertThat(resets).isPositive();
        assertThat(result.ok() + resets).isEqualTo(result.sent());
    }
}
