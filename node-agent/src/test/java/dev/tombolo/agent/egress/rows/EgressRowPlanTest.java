package dev.tombolo.agent.egress.rows;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static dev.tombolo.agent.egress.TwoNodes.OUTSIDE;
import static dev.tombolo.agent.egress.TwoNodes.POD1;
import static dev.tombolo.agent.egress.TwoNodes.POD2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.carrier.PathSizes;
import dev.tombolo.agent.egress.kernel.EgressKey;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.bpf.Packed;
import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressAddress;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressInternal;
import dev.tombolo.bpf.egress.EgressRate;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EgressRowPlanTest {
    private static final Prefix INTERNAL = Prefix.parse("10.0.0.0/8");
    private final TwoNodes cluster = new TwoNodes();

    private Map<EgressKey, Packed> node1(String... carriers) {
        return EgressRowPlan.rows(
                NODE1, cluster.program(), TwoNodes.network(1), Set.of(carriers), List.of(INTERNAL), PathSizes.AMPLE);
    }

    private Map<EgressKey, Packed> node2(String... addresses) {
        return EgressRowPlan.rows(
                NODE2,
                cluster.program(),
                TwoNodes.network(2, addresses),
                Set.of("tombolo-egw"),
                List.of(),
                PathSizes.AMPLE);
    }

    private static Map<EgressKey, Packed> expected() {
        var rows = new HashMap<EgressKey, Packed>();
        rows.put(new EgressKey.Rule(0, OUTSIDE), new EgressRule(EgressAction.DROP, 0, 0));
        rows.put(new EgressKey.Rule(1, OUTSIDE), new EgressRule(EgressAction.GATEWAY, 1, 1));
        rows.put(new EgressKey.Group(1), EgressGroup.of(Collections.nCopies(64, 1)));
        rows.put(new EgressKey.Source(POD1), EgressSource.ofSet(1));
        return rows;
    }

    @Test
    void aNodeHasTheRowsOfItsOwnPodsAndTheCarrierToTheirGateway() {
        var rows = expected();
        rows.put(new EgressKey.Internal(INTERNAL), new EgressInternal(0));
        rows.put(new EgressKey.Gateway(1), EgressGateway.remote(7, 1_420));

        assertThat(node1("tombolo-eg1")).isEqualTo(rows);
    }

    @Test
    void aNarrowWayIsInTheRowsOfItsGatewayAndOfThePodsThere() {
        var pods = Prefix.parse("10.1.2.0/24");
        var sizes = new PathSizes(Map.of(NODE2, 1_216), Map.of(pods, 1_216, Prefix.parse("192.168.7.0/24"), 1_216));

        var rows = EgressRowPlan.rows(
                NODE1, cluster.program(), TwoNodes.network(1), Set.of("tombolo-eg1"), List.of(INTERNAL), sizes);

        assertThat(rows)
                .containsEntry(new EgressKey.Gateway(1), EgressGateway.narrow(7, 1_216))
                .containsEntry(new EgressKey.Internal(pods), new EgressInternal(1_216))
                .containsEntry(new EgressKey.Internal(INTERNAL), new EgressInternal(0))
                .doesNotContainKey(new EgressKey.Internal(Prefix.parse("192.168.7.0/24")));
    }

    @Test
    void withoutACarrierThereIsNoWayToTheGateway() {
        assertThat(node1()).doesNotContainKey(new EgressKey.Gateway(1)).containsKey(new EgressKey.Source(POD1));
    }

    @Test
    void aGatewayHasTheRowsOfAllPodsAndTheAddress() {
        var rows = expected();
        rows.put(new EgressKey.Source(POD2), EgressSource.ofSet(1));
        rows.put(new EgressKey.Gateway(1), EgressGateway.LOCAL);
        rows.put(new EgressKey.Address(1, true), new EgressAddress(IpAddress.parse(TwoNodes.EGRESS), 2, 1_024, 65_535));

        assertThat(node2(TwoNodes.EGRESS)).isEqualTo(rows);
    }

    /** The first pod of a policy is held as every other is. */
    @Test
    void whatAPolicyNamesThatSelectsNoPodIsHeldFromToo() {
        cluster.pods.clear();

        assertThat(node1())
                .containsEntry(new EgressKey.Rule(0, OUTSIDE), new EgressRule(EgressAction.DROP, 0, 0))
                .doesNotContainKey(new EgressKey.Rule(1, OUTSIDE));
    }

    @Test
    void anAddressThatIsOnNoDeviceIsNotUsed() {
        assertThat(node2()).doesNotContainKey(new EgressKey.Address(1, true));
    }

    @Test
    void flowsFollowAnAddressThatFloats() {
        assertThat(flags(node1())).isZero();
        cluster.letEgressFloat();
        own(NODE2);
        assertThat(flags(node1())).isEqualTo(EgressRule.FOLLOWS);
        assertThat(flags(node2())).isEqualTo(EgressRule.FOLLOWS);
    }

    @Test
    void aLimitIsWhatTheGatewaysOfAPolicyShare() {
        cluster.policies.set(0, TwoNodes.limited("80M", 2));
        cluster.nodes.set(0, TwoNodes.node(1, Map.of("egress", "yes")));
        var slots = cluster.program().rows().groups().values().iterator().next();
        assertThat(slots.shares()).containsOnlyKeys(NODE1, NODE2);

        assertThat(node2())
                .containsEntry(new EgressKey.Rate(1), EgressRate.of(5_000_000))
                .containsEntry(
                        new EgressKey.Rule(1, OUTSIDE), new EgressRule(EgressAction.GATEWAY, 1, 1, EgressRule.LIMITED));
    }

    @Test
    void onlyAGatewayCounts() {
        cluster.policies.set(0, TwoNodes.limited("80M", 1));
        assertThat(node1()).doesNotContainKey(new EgressKey.Rate(1));
        assertThat(node2()).containsEntry(new EgressKey.Rate(1), EgressRate.of(10_000_000));
    }

    @Test
    void aGatewayThatIsLeftKeepsItsRows() {
        cluster.nodes.set(0, TwoNodes.node(1, Map.of("egress", "yes")));
        var program = cluster.leaving(NODE2);
        assertThat(program.isGateway(NODE2)).isFalse();

        assertThat(rows(NODE1, program, "tombolo-eg2"))
                .containsEntry(new EgressKey.Gateway(2), EgressGateway.remote(9, 1_420));
        assertThat(rows(NODE2, program, "tombolo-egw"))
                .containsEntry(new EgressKey.Source(POD1), EgressSource.ofSet(1))
                .containsEntry(new EgressKey.Rule(1, OUTSIDE), new EgressRule(EgressAction.GATEWAY, 1, 1))
                .containsEntry(new EgressKey.Gateway(2), EgressGateway.LOCAL);
    }

    private static Map<EgressKey, Packed> rows(NodeId node, EgressProgram program, String carrier) {
        return EgressRowPlan.rows(node, program, TwoNodes.network(1), Set.of(carrier), List.of(), PathSizes.AMPLE);
    }

    private static int flags(Map<EgressKey, Packed> rows) {
        return ((EgressRule) rows.get(new EgressKey.Rule(1, OUTSIDE))).flags();
    }

    /** It is still on the device, and etcd says that it is another's by now. */
    @Test
    void aFloatingAddressOfAnotherNodeIsNotUsed() {
        cluster.letEgressFloat();
        own(NODE2);
        assertThat(node2(TwoNodes.EGRESS)).containsKey(new EgressKey.Address(1, true));
        own(NODE1);
        assertThat(node2(TwoNodes.EGRESS)).doesNotContainKey(new EgressKey.Address(1, true));
    }

    private void own(NodeId node) {
        var address = IpAddress.parse(TwoNodes.EGRESS);
        cluster.owners.put(address, new EgressOwner(node, 1, "billing#0", Instant.EPOCH));
    }

    @Test
    void thereIsNoWayToADeadGatewayWhileAnotherAnswers() {
        cluster.health.put(NODE2, GatewayHealth.DEAD);
        assertThat(node1("tombolo-eg1")).containsKey(new EgressKey.Gateway(1));
        cluster.nodes.add(TwoNodes.node(3, Map.of("egress", "yes")));
        int dead = cluster.program().gatewayNumber(NODE2);
        assertThat(node1("tombolo-eg" + dead)).doesNotContainKey(new EgressKey.Gateway(dead));
    }

    @Test
    void thePortsOfAnAddressThatTheNodeUsesItselfAreThoseItDoesNotTake() {
        cluster.policies.set(0, TwoNodes.policy("billing", "", OUTSIDE));

        assertThat(node2(TwoNodes.EGRESS))
                .containsEntry(
                        new EgressKey.Address(1, true),
                        new EgressAddress(IpAddress.parse("172.30.1.12"), 2, 1_024, 29_999));
    }
}
