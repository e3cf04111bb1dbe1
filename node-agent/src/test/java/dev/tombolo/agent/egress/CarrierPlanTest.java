package dev.tombolo.agent.egress;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static dev.tombolo.agent.egress.TwoNodes.NODE2;
import static dev.tombolo.agent.egress.TwoNodes.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.wireguard.WireGuardPeer;
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

        assertThat(CarrierPlan.carriers(cluster.program(), NODE1, cluster.nodes, TUNNEL))
                .isEqualTo(Map.of("tombolo-eg1", new Carrier(0, 1_420, Map.of(key(2), gateway))));
    }

    @Test
    void aGatewayHasOneDeviceForAllAndTakesFromEachNodeWhatIsItsOwn() {
        var node = WireGuardPeer.quiet(key(1), Optional.empty(), Set.of(Prefix.parse("10.1.1.0/24")));

        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, TUNNEL))
                .isEqualTo(Map.of("tombolo-egw", new Carrier(51_873, 1_420, Map.of(key(1), node))));
    }

    @Test
    void withoutAPolicyThereIsNoDevice() {
        cluster.policies.clear();

        assertThat(CarrierPlan.carriers(cluster.program(), NODE2, cluster.nodes, TUNNEL))
                .isEmpty();
    }
}
