package dev.tombolo.agent.egress;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static dev.tombolo.agent.egress.TwoNodes.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.wireguard.WireGuardPeer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CarrierPlanTest {
    private final TwoNodes cluster = new TwoNodes();

    @Test
    void theNodeOfAPodHasADeviceForEachGateway() {
        var gateway = WireGuardPeer.quiet(
                key(2),
                Optional.of(SocketEndpoint.parse("172.30.1.12:51873")),
                Set.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")));

        assertThat(CarrierPlan.carriers(cluster.program(), NODE1, cluster.nodes, Neighbours.NONE, 51_871, 1_420))
                .isEqualTo(Map.of("tombolo-eg1", new Carrier(0, 1_420, Map.of(key(2), gateway))));
    }

    @Test
    void aGatewayHasOneDeviceForAllAndTakesFromEachNodeWhatIsItsOwn() {
        var node = WireGuardPeer.quiet(key(1), Optional.empty(), Set.of(Prefix.parse("10.1.1.0/24")));

        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, Neighbours.NONE, 51_871, 1_420))
                .isEqualTo(Map.of("tombolo-egw", new Carrier(51_873, 1_420, Map.of(key(1), node))));
    }

    @Test
    void theGatewayOfAnotherClusterIsReachedBesideItsTunnel() {
        var gateway = WireGuardPeer.quiet(
                key(9),
                Optional.of(SocketEndpoint.parse("192.0.2.1:51873")),
                Set.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0")));

        assertThat(CarrierPlan.carriers(
                        new Across().asking(), Across.POD_NODE, cluster.nodes, Across.EAST, 51_871, 1_420))
                .isEqualTo(Map.of("tombolo-eg1", new Carrier(0, 1_420, Map.of(key(9), gateway))));
    }

    @Test
    void aGatewayTakesFromTheNodesOfAPeerThatItServesWhatTheTunnelWouldTake() {
        var carriers = CarrierPlan.carriers(
                new Across().serving(), NODE2, cluster.nodes, Across.WEST_IS_SERVED, 51_871, 1_420);

        assertThat(carriers.get("tombolo-egw").peers().get(key(8)))
                .isEqualTo(WireGuardPeer.quiet(key(8), Optional.empty(), Set.of(Prefix.parse("10.2.1.0/24"))));
    }

    @Test
    void aPeerThatAsksForNothingHasNoWayIn() {
        var neighbours = new Neighbours(List.of(), List.of(), Across.WEST_IS_SERVED.peers());

        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, neighbours, 51_871, 1_420)
                        .get("tombolo-egw")
                        .peers())
                .containsOnlyKeys(key(1));
    }

    @Test
    void withoutAPolicyThereIsNoDevice() {
        cluster.policies.clear();

        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, Neighbours.NONE, 51_871, 1_420))
                .isEmpty();
    }
}
