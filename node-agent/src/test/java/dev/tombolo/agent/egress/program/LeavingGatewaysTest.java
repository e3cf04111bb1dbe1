package dev.tombolo.agent.egress.program;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node2 is the gateway until node1 is one too, which comes first by name. */
class LeavingGatewaysTest {
    private final TwoNodes cluster = new TwoNodes();
    private final Table<NodeId, Long> emptied = new Table<>("emptied");
    private final LeavingGateways gateways = new LeavingGateways(NODE1, emptied, () -> 5);

    @BeforeEach
    void node2Serves() {
        cluster.policies.set(0, TwoNodes.policy("billing", "", TwoNodes.OUTSIDE));
        assertThat(now()).isEmpty();
    }

    private Map<NodeId, Long> now() {
        return gateways.in(cluster.leaving(NODE2), Set.of()).leaving();
    }

    private void node1ComesFirst() {
        cluster.nodes.set(0, TwoNodes.node(1, Map.of("egress", "yes")));
    }

    @Test
    void oneThatWasOutbidIsLeft() {
        node1ComesFirst();
        assertThat(now()).isEqualTo(Map.of(NODE2, 5L));
        assertThat(now()).as("and stays so").isEqualTo(Map.of(NODE2, 5L));
        cluster.nodes.set(0, TwoNodes.node(1, Map.of()));
        assertThat(now()).as("and serves again").isEmpty();
    }

    @Test
    void untilNothingGoesThroughItAnyMore() {
        node1ComesFirst();
        now();
        emptied.replaceAll(Map.of(NODE2, 4L));
        assertThat(now()).as("that was of another time").containsKey(NODE2);
        emptied.replaceAll(Map.of(NODE2, 5L));
        assertThat(now()).isEmpty();
        emptied.replaceAll(Map.of());
        assertThat(now()).isEmpty();
    }

    @Test
    void oneThatDoesNotAnswerIsNotWaitedFor() {
        node1ComesFirst();
        now();
        cluster.health.put(NODE2, GatewayHealth.DEAD);
        assertThat(now()).isEmpty();
    }

    @Test
    void oneThatKubernetesCallsUnreadyIsNotWaitedForWhereNobodyAsksIt() {
        node1ComesFirst();
        now();
        cluster.nodes.set(1, unready(cluster.nodes.get(1)));
        assertThat(now()).isEmpty();
    }

    private static KubeNode unready(KubeNode node) {
        return new KubeNode(
                node.name(),
                node.uid(),
                node.labels(),
                node.annotations(),
                node.podCidrs(),
                node.internalIps(),
                List.of(),
                false,
                "boot",
                false);
    }

    @Test
    void oneThatNoPolicyNamesAnyMoreCarriesNothing() {
        node1ComesFirst();
        cluster.nodes.set(1, TwoNodes.node(2, Map.of()));
        assertThat(now()).isEmpty();
    }

    @Test
    void nobodyWaitsForOneWhoseAddressMoves() {
        cluster.policies.set(0, TwoNodes.policy("billing", TwoNodes.EGRESS, TwoNodes.OUTSIDE));
        cluster.letEgressFloat();
        now();
        node1ComesFirst();
        cluster.owners.put(IpAddress.parse(TwoNodes.EGRESS), new EgressOwner(NODE1, 2, "billing#0", Instant.EPOCH));
        assertThat(now()).isEmpty();
    }

    @Test
    void afterARestartOneThatHadARowIsLeft() {
        node1ComesFirst();
        var program = cluster.leaving(NODE2);
        var fresh = new LeavingGateways(NODE1, emptied, () -> 7);
        assertThat(fresh.in(program, Set.of(program.gatewayNumber(NODE2))).leaving())
                .isEqualTo(Map.of(NODE2, 7L));
    }

    @Test
    void aGatewayKnowsThatItIsLeft() {
        var own = new LeavingGateways(NODE2, emptied, () -> 9);
        own.in(cluster.program(), Set.of());
        node1ComesFirst();
        cluster.pods.removeIf(pod -> pod.node().equals("node2"));
        assertThat(own.in(cluster.leaving(NODE2), Set.of()).leaving()).isEqualTo(Map.of(NODE2, 9L));
    }
}
