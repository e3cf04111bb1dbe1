package dev.tombolo.agent.egress;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.failover.GatewaysSeen;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.kube.object.MeshNodeObject.EgressProgrammed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.Link;
import java.time.Instant;
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

    private String problemOfGateway(NodeNetwork network) {
        return problem(NODE2, network, "tombolo-egw", CONNECTED);
    }

    @Test
    void anAddressWithoutAWayOutIsNamed() {
        var network = TwoNodes.network(2, TwoNodes.EGRESS);
        var withoutDefault = new NodeNetwork(
                network.links(),
                network.addresses(),
                network.routes().stream()
                        .filter(route -> route.destination().length() > 0)
                        .toList());
        assertThat(problemOfGateway(withoutDefault))
                .isEqualTo("NoRoute: node2 has no route to 198.51.100.0/24 by eth0, which has 172.30.1.200; "
                        + "add a default route by that device");
        var byRule = new NodeNetwork(
                network.links(), network.addresses(), withoutDefault.routes(), List.of(TwoNodes.byEth0("0.0.0.0/0")));
        assertThat(problemOfGateway(byRule)).isEmpty();
        var toPart = new NodeNetwork(
                network.links(), network.addresses(), List.of(TwoNodes.byEth0("198.51.100.128/25")), List.of());
        assertThat(problemOfGateway(toPart)).isEmpty();
    }

    @Test
    void itsOwnNetworkIsNoWayToEverywhere() {
        cluster.policies.set(0, TwoNodes.policy("billing", TwoNodes.EGRESS, Prefix.parse("0.0.0.0/0")));
        var network = TwoNodes.network(2, TwoNodes.EGRESS);
        assertThat(problemOfGateway(network)).isEmpty();
        assertThat(problemOfGateway(new NodeNetwork(
                        network.links(), network.addresses(), List.of(TwoNodes.byEth0("172.30.0.0/16")))))
                .startsWith("NoRoute: node2 has no route to 0.0.0.0/0 by eth0");
        assertThat(problemOfGateway(new NodeNetwork(
                        network.links(),
                        network.addresses(),
                        List.of(TwoNodes.byEth0("0.0.0.0/1"), TwoNodes.byEth0("128.0.0.0/1")))))
                .isEmpty();
    }

    @Test
    void aDeviceThatIsDownIsNamed() {
        var network = TwoNodes.network(2, TwoNodes.EGRESS);
        var down = network.links().stream()
                .map(link -> new Link(
                        link.index(), link.name(), link.mtu(), !link.name().equals("eth0"), link.kind()))
                .toList();
        assertThat(problemOfGateway(new NodeNetwork(down, network.addresses(), network.routes())))
                .isEqualTo("LinkDown: device eth0 of node2, which has 172.30.1.200, is down; set it up");
    }

    @Test
    void aDefaultRouteThatIsNotThereIsNamed() {
        cluster.policies.set(0, TwoNodes.policy("billing", "", TwoNodes.OUTSIDE));
        var network = TwoNodes.network(2);
        assertThat(problemOfGateway(network)).isEmpty();
        assertThat(problemOfGateway(new NodeNetwork(network.links(), network.addresses(), List.of())))
                .isEqualTo("NoRoute: node2 has no IPv4 default route, whose device's address the policy wants; "
                        + "add one, or name an egressIP");
    }

    @Test
    void aDeviceThatIsNotThereIsNamed() {
        cluster.policies.set(0, TwoNodes.policyOfInterface("billing", "eth9", TwoNodes.OUTSIDE));
        assertThat(problemOfGateway(TwoNodes.network(2)))
                .isEqualTo("InterfaceNotFound: node2 has no device eth9; name one that the gateway has, "
                        + "or choose another gateway");
        cluster.policies.set(0, TwoNodes.policyOfInterface("billing", "cni0", TwoNodes.OUTSIDE));
        assertThat(problemOfGateway(TwoNodes.network(2)))
                .isEqualTo("IPNotFound: device cni0 of node2 has no IPv4 address; add one, or choose another gateway");
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
    void withoutEtcdPoliciesWithSeveralGatewaysSayThatTheyStayWithThem() {
        var alone = new GatewaysSeen(false, Map.of(NODE2, true));
        cluster.nodes.add(TwoNodes.node(3, Map.of("egress", "yes")));
        cluster.policies.set(0, TwoNodes.policy("billing", "", TwoNodes.OUTSIDE));
        assertThat(problem(NODE1, TwoNodes.network(1), "tombolo-eg1", alone))
                .isEqualTo("NoTakeover: node1 cannot reach the mesh's etcd, so that it stays with the gateways that it"
                        + " has; all else goes on");
    }

    @Test
    void aFloatingAddressIsNotAskedOfTheAdministrator() {
        cluster.letEgressFloat();
        assertThat(problem(NODE2, TwoNodes.network(2), "tombolo-egw", CONNECTED))
                .isEqualTo("AddressPending: node2 is to hold 172.30.1.200 and does not yet");
    }

    /** A gateway without pods of its own. */
    @Test
    void whoOnlyCarriesForOthersReportsToo() {
        cluster.pods.removeLast();
        assertThat(report(NODE2, TwoNodes.network(2, TwoNodes.EGRESS), "tombolo-egw"))
                .isEqualTo(List.of(new EgressProgrammed("billing", 3, "")));
        assertThat(report(NODE2, TwoNodes.network(2), "tombolo-egw").getFirst().problem())
                .startsWith("IPNotFound");
    }

    /** It is on a device here, and another one's by now. */
    @Test
    void anAddressThatAnotherOwnsIsPendingThoughItIsHere() {
        cluster.letEgressFloat();
        var address = IpAddress.parse(TwoNodes.EGRESS);
        var network = TwoNodes.network(2, TwoNodes.EGRESS);
        cluster.owners.put(address, new EgressOwner(NODE1, 1, "billing#0", Instant.EPOCH));
        assertThat(problemOfGateway(network)).startsWith("AddressPending");
        cluster.owners.put(address, new EgressOwner(NODE2, 2, "billing#0", Instant.EPOCH));
        assertThat(problemOfGateway(network)).isEmpty();
    }

    @Test
    void whatIsWrongWithOnePolicyIsNotSaidOfAnother() {
        cluster.policies.add(TwoNodes.policy("other", "172.30.1.201", Prefix.parse("203.0.113.0/24")));
        cluster.policies.add(TwoNodes.policyOfInterface("third", "eth0", Prefix.parse("2001:db8:9::/48")));
        var network = TwoNodes.network(2, TwoNodes.EGRESS, "2001:db8::12");
        var report = report(NODE2, network, "tombolo-egw");
        assertThat(report).extracting(EgressProgrammed::policy).startsWith("billing", "other");
        assertThat(report.getFirst().problem()).isEmpty();
        assertThat(report.get(1).problem()).startsWith("IPNotFound: node2 has no IPv4 address for 172.30.1.201");
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
                                Set.of(),
                                CONNECTED,
                                Optional.of("map eg_rule is full"))
                        .getFirst()
                        .problem())
                .isEqualTo("map eg_rule is full");
    }
}
