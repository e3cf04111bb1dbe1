package dev.tombolo.agent.egress.carrier;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static dev.tombolo.agent.egress.TwoNodes.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.Across;
import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.agent.probe.PathProber;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.wireguard.WireGuardPeer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CarrierPlanTest {
    private static final CarrierPlan.Tunnel TUNNEL =
            new CarrierPlan.Tunnel(Optional.empty(), 51_871, 1_420, Prefix.parse("100.64.0.0/18"));

    private final TwoNodes cluster = new TwoNodes();

    @Test
    void theNodeOfAPodHasADeviceForEachGateway() {
        var gateway = WireGuardPeer.quiet(
                key(2),
                Optional.of(SocketEndpoint.parse("172.30.1.12:51873")),
                Set.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")));

        assertThat(CarrierPlan.carriers(cluster.program(), NODE1, cluster.nodes, Neighbours.NONE, TUNNEL))
                .isEqualTo(Map.of("tombolo-eg1", new Carrier(0, 1_420, Map.of(key(2), gateway))));
    }

    @Test
    void aGatewayHasOneDeviceForAllAndTakesFromEachNodeWhatIsItsOwn() {
        var node = WireGuardPeer.quiet(
                key(1), Optional.empty(), Set.of(Prefix.parse("10.1.1.0/24"), Prefix.parse("100.64.0.1/32")));

        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, Neighbours.NONE, TUNNEL))
                .isEqualTo(Map.of("tombolo-egw", new Carrier(51_873, 1_420, Map.of(key(1), node))));
    }

    /** Both could have the address, so each asks the other, and either is ready to carry. */
    @Test
    void gatewaysOfAFloatingAddressHaveDevicesToEachOther() {
        cluster.letEgressFloat();
        cluster.nodes.set(0, TwoNodes.node(1, Map.of("egress", "yes")));
        var own = IpAddress.parse("100.64.0.2");
        var tunnel = new CarrierPlan.Tunnel(Optional.of(own), 51_871, 1_420, Prefix.parse("100.64.0.0/18"));

        var carriers = CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, Neighbours.NONE, tunnel);

        assertThat(carriers).containsOnlyKeys("tombolo-eg1", "tombolo-egw");
        assertThat(carriers.get("tombolo-eg1").peers()).containsOnlyKeys(key(1));
        assertThat(carriers.get("tombolo-eg1").source()).contains(own);
        assertThat(carriers.get("tombolo-egw").peers().get(key(1)).allowedIps())
                .contains(Prefix.parse("100.64.0.1/32"));
    }

    @Test
    void aTunnelAddressThatIsNoneOfTheClustersIsNotAllowed() {
        var elsewhere = new CarrierPlan.Tunnel(Optional.empty(), 51_871, 1_420, Prefix.parse("100.64.64.0/18"));

        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, Neighbours.NONE, elsewhere)
                        .get("tombolo-egw")
                        .peers()
                        .get(key(1))
                        .allowedIps())
                .containsExactly(Prefix.parse("10.1.1.0/24"));
    }

    @Test
    void theGatewayOfAnotherClusterIsReachedBesideItsTunnel() {
        var gateway = WireGuardPeer.quiet(
                key(9),
                Optional.of(SocketEndpoint.parse("192.0.2.1:51873")),
                Set.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")));

        assertThat(CarrierPlan.carriers(new Across().asking(), Across.POD_NODE, cluster.nodes, Across.EAST, TUNNEL))
                .isEqualTo(Map.of("tombolo-eg1", new Carrier(0, 1_420, Map.of(key(9), gateway))));
    }

    @Test
    void aGatewayTakesFromTheNodesOfAPeerThatItServesWhatTheTunnelWouldTake() {
        var carriers =
                CarrierPlan.carriers(new Across().serving(), NODE2, cluster.nodes, Across.WEST_IS_SERVED, TUNNEL);

        assertThat(carriers.get("tombolo-egw").peers().get(key(8)))
                .isEqualTo(WireGuardPeer.quiet(key(8), Optional.empty(), Set.of(Prefix.parse("10.2.1.0/24"))));
    }

    @Test
    void aPeerThatAsksForNothingHasNoWayIn() {
        var neighbours = new Neighbours(List.of(), List.of(), Across.WEST_IS_SERVED.peers());

        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, neighbours, TUNNEL)
                        .get("tombolo-egw")
                        .peers())
                .containsOnlyKeys(key(1));
    }

    @Test
    void withoutAPolicyThereIsNoDevice() {
        cluster.policies.clear();

        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, Neighbours.NONE, TUNNEL))
                .isEmpty();
    }

    private static KubeNode with(KubeNode node, Map<String, String> more, List<IpAddress> internal) {
        var annotations = new HashMap<>(node.annotations());
        annotations.putAll(more);
        return new KubeNode(
                node.name(),
                node.uid(),
                node.labels(),
                annotations,
                node.podCidrs(),
                internal,
                List.of(),
                true,
                "boot",
                false);
    }

    private Optional<SocketEndpoint> endpointOfGateway() {
        return CarrierPlan.carriers(cluster.program(), NODE1, cluster.nodes, Neighbours.NONE, TUNNEL)
                .get("tombolo-eg1")
                .peers()
                .get(key(2))
                .endpoint();
    }

    private Set<Prefix> takenFromNode1(Neighbours neighbours) {
        return CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, neighbours, TUNNEL)
                .get("tombolo-egw")
                .peers()
                .get(key(1))
                .allowedIps();
    }

    @Test
    void aGatewayThatCouldTakeAnAddressAsksWhoHasIt() {
        cluster.letEgressFloat();
        cluster.nodes.set(0, TwoNodes.node(1, Map.of("egress", "yes")));
        int number = cluster.program().gatewayNumber(NODE2);

        assertThat(CarrierPlan.carriers(cluster.program(), NODE1, cluster.nodes, Neighbours.NONE, TUNNEL))
                .containsOnlyKeys(Carrier.toGateway(number), Carrier.GATEWAY_DEVICE);
    }

    @Test
    void aGatewayThatIsBeingLeftKeepsItsDevice() {
        cluster.nodes.add(TwoNodes.node(3, Map.of()));
        var node3 = new NodeId(TwoNodes.CLUSTER, "node3");
        var program = cluster.leaving(node3);

        assertThat(CarrierPlan.carriers(program, NODE1, cluster.nodes, Neighbours.NONE, TUNNEL))
                .containsOnlyKeys("tombolo-eg1", Carrier.toGateway(program.gatewayNumber(node3)));
    }

    /** Two below the port of probes, which would be beside it. */
    @Test
    void aCarrierListensWhereProbesDoNot() {
        int port = PathProber.PORT - 2;
        var tunnel = new CarrierPlan.Tunnel(Optional.empty(), port, 1_420, TUNNEL.range());
        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, Neighbours.NONE, tunnel)
                        .get("tombolo-egw")
                        .port())
                .isEqualTo(port + 4);
    }

    @Test
    void aGatewayIsReachedByIpv4WhereItHasBoth() {
        var both = List.of(IpAddress.parse("2001:db8::12"), IpAddress.parse("172.30.1.12"));
        cluster.nodes.set(1, with(cluster.nodes.get(1), Map.of(), both));
        assertThat(endpointOfGateway()).contains(SocketEndpoint.parse("172.30.1.12:51873"));
        cluster.nodes.set(1, with(cluster.nodes.get(1), Map.of(), both.subList(0, 1)));
        assertThat(endpointOfGateway()).contains(SocketEndpoint.parse("[2001:db8::12]:51873"));
    }

    /** No port is left beside it. */
    @Test
    void aTunnelPortThatCannotBeMeantIsNotBelieved() {
        var internal = cluster.nodes.get(1).internalIps();
        cluster.nodes.set(1, with(cluster.nodes.get(1), Map.of(MeshNode.PORT_ANNOTATION, "65534"), internal));
        assertThat(endpointOfGateway()).map(SocketEndpoint::port).contains(MeshNode.DEFAULT_WIREGUARD_PORT + 2);
    }

    @Test
    void aPeersGatewayWhoseTunnelLeavesNoPortHasNoCarrier() {
        var gate = Across.EAST.peers().get(key(9));
        var end = new SocketEndpoint(gate.endpoint().address(), 65_534);
        var neighbours = new Neighbours(
                List.of(), Across.EAST.offered(), Map.of(key(9), new TunnelPeer(gate.node(), end, gate.allowed())));

        assertThat(CarrierPlan.carriers(new Across().asking(), Across.POD_NODE, cluster.nodes, neighbours, TUNNEL))
                .isEmpty();
    }

    /** Or a gateway would send what is for the node itself into the carrier. */
    @Test
    void aNodesOwnAddressIsNeverTakenFromIt() {
        cluster.nodes.set(0, with(cluster.nodes.getFirst(), Map.of(), List.of(IpAddress.parse("10.1.1.1"))));
        assertThat(takenFromNode1(Neighbours.NONE)).containsExactly(Prefix.parse("100.64.0.1/32"));
    }

    /** Only pods that a policy selects are let in beside the ranges. */
    @Test
    void ofPodsOutsideTheirNodesRangesTheSelectedOnesAreTaken() {
        cluster.pods.add(TwoNodes.pod("far", "billing", "node1", IpAddress.parse("10.7.0.1"), false));
        cluster.pods.add(TwoNodes.pod("other", "other", "node1", IpAddress.parse("10.7.0.2"), false));
        assertThat(takenFromNode1(Neighbours.NONE))
                .containsExactlyInAnyOrder(
                        Prefix.parse("10.1.1.0/24"), Prefix.parse("100.64.0.1/32"), Prefix.parse("10.7.0.1/32"));
    }

    /** It would get what is for the pods of the node. */
    @Test
    void aPeerThatClaimsTheKeyOfANodeHereChangesNothing() {
        var west = Across.WEST_IS_SERVED;
        var claimed = new Neighbours(
                west.requests(), List.of(), Map.of(key(1), west.peers().get(key(8))));
        assertThat(CarrierPlan.carriers(new Across().serving(), NODE2, cluster.nodes, claimed, TUNNEL)
                        .get("tombolo-egw")
                        .peers()
                        .get(key(1))
                        .allowedIps())
                .containsExactlyInAnyOrder(Prefix.parse("10.1.1.0/24"), Prefix.parse("100.64.0.1/32"));
    }
}
