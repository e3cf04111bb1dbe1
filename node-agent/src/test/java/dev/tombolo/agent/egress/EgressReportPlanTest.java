package dev.tombolo.agent.egress;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EgressReportPlanTest {
    private static final GatewaysSeen CONNECTED = new GatewaysSeen(true, Map.of());

    private final TwoNodes cluster = new TwoNodes();

    private List<EgressProgrammed> report(NodeId node, NodeNetwork network, String... carriers) {
        return EgressReportPlan.report(node, cluster.program(), network, Set.of(carriers), CONNECTED, Optional.empty());
    }

    @Test
    void allIsWellWhereThereAreAddressAndCarrier() {
        var well = List.of(new EgressProgrammed("billing", 3, ""));

        assertThat(report(NODE1, TwoNodes.network(1), "tombolo-eg1")).isEqualTo(well);
        assertThat(report(NODE2, TwoNodes.network(2, TwoNodes.EGRESS), "tombolo-egw"))
                .isEqualTo(well);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(report(NODE1, TwoNodes.network(1)).getFirst().problem())
                .isEqualTo("CarrierMissing: node1 has no tunnel to gateway node2 yet");
        assertThat(report(NODE2, TwoNodes.network(2, TwoNodes.EGRESS))
                        .getFirst()
                        .problem())
                .isEqualTo("CarrierMissing: node2 has no device for pods of other nodes yet");
        assertThat(report(NODE2, TwoNodes.network(2)).getFirst().problem())
                .startsWith("IPNotFound: node2 has no IPv4 address for " + TwoNodes.EGRESS);
    }

    private String problem(NodeId node, NodeNetwork network, String carrier, GatewaysSeen seen) {
        return EgressReportPlan.report(node, cluster.program(), network, Set.of(carrier), seen, Optional.empty())
                .getFirst()
                .problem();
    }

    @Test
    void aGatewayThatDoesNotAnswerThisNodeIsNamed() {
        assertThat(problem(NODE1, TwoNodes.network(1), "tombolo-eg1", new GatewaysSeen(true, Map.of(NODE2, false))))
                .isEqualTo("GatewayUnreachable: node1 gets no answer from gateway node2");
    }

    @Test
    void withoutEtcdPoliciesWithAFloatingAddressSayThatItCannotMove() {
        var alone = new GatewaysSeen(false, Map.of(NODE2, true));
        assertThat(problem(NODE1, TwoNodes.network(1), "tombolo-eg1", alone)).isEmpty();
        cluster.letEgressFloat();
        assertThat(problem(NODE1, TwoNodes.network(1), "tombolo-eg1", alone)).startsWith("NoTakeover: node1 cannot");
    }

    @Test
    void aFloatingAddressIsNotAskedOfTheAdministrator() {
        cluster.letEgressFloat();
        assertThat(problem(NODE2, TwoNodes.network(2), "tombolo-egw", CONNECTED))
                .isEqualTo("AddressPending: node2 is to hold 172.30.1.200 and does not yet");
    }

    @Test
    void aNodeWithNothingToDoSaysNothing() {
        assertThat(report(new NodeId(TwoNodes.CLUSTER, "node3"), TwoNodes.network(3)))
                .isEmpty();
    }

    @Test
    void whatKeepsAllRowsFromBeingWrittenIsSaidOfEachPolicy() {
        assertThat(EgressReportPlan.report(
                                NODE1,
                                cluster.program(),
                                TwoNodes.network(1),
                                Set.of("tombolo-eg1"),
                                CONNECTED,
                                Optional.of("map eg_rule is full"))
                        .getFirst()
                        .problem())
                .isEqualTo("map eg_rule is full");
    }
}
