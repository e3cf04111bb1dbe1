package dev.tombolo.agent.egress.program;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.model.node.NodeId;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whom a node asks whether it answers. */
class EgressProgramTest {
    private static final Map<String, String> GATEWAY = Map.of("egress", "yes");

    private final TwoNodes cluster = new TwoNodes();

    private static NodeId node(int number) {
        return new NodeId(TwoNodes.CLUSTER, "node" + number);
    }

    private Set<NodeId> askedBy(NodeId node) {
        return cluster.program().askedBy(node);
    }

    @Test
    void aPodsNodeAsksItsGatewayAndItsStandby() {
        assertThat(askedBy(NODE1)).containsExactly(NODE2);
        assertThat(askedBy(NODE2)).isEmpty();
        cluster.nodes.add(TwoNodes.node(3, GATEWAY));
        cluster.nodes.add(TwoNodes.node(4, GATEWAY));
        assertThat(askedBy(NODE1)).containsExactlyInAnyOrder(NODE2, node(3));
        assertThat(askedBy(node(4))).isEmpty();
    }

    @Test
    void oneThatIsOutIsAskedUntilItAnswers() {
        cluster.nodes.add(TwoNodes.node(3, GATEWAY));
        cluster.policies.set(0, TwoNodes.policy("billing", "", TwoNodes.OUTSIDE));
        cluster.health.put(NODE2, GatewayHealth.DEAD);
        assertThat(cluster.program().isGateway(NODE2)).isFalse();
        assertThat(askedBy(NODE1)).containsExactlyInAnyOrder(NODE2, node(3));
    }

    /** Not only the nodes of pods are believed; but each that asks needs a device. */
    @Test
    void eachOfSeveralGatewaysAsksTwoOfTheOthers() {
        cluster.nodes.clear();
        cluster.nodes.add(TwoNodes.node(1, Map.of()));
        for (int number = 2; number <= 6; number++) {
            cluster.nodes.add(TwoNodes.node(number, GATEWAY));
        }
        cluster.policies.set(0, TwoNodes.limited("1M", 5));
        cluster.pods.removeIf(pod -> !pod.node().equals("node1"));
        assertThat(askedBy(NODE1)).hasSize(5);
        assertThat(askedBy(node(2))).containsExactlyInAnyOrder(node(3), node(4));
        assertThat(askedBy(node(6))).containsExactlyInAnyOrder(node(2), node(3));
    }

    @Test
    void nobodyIsAskedForPoliciesThatSelectNoPod() {
        cluster.pods.clear();
        assertThat(askedBy(NODE1)).isEmpty();
        assertThat(cluster.program().standsBy(NODE2)).isFalse();
    }
}
