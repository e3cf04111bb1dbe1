package dev.tombolo.agent.egress.carrier;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static dev.tombolo.agent.egress.TwoNodes.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.Across;
import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.wireguard.WireGuardPeer;
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
}
