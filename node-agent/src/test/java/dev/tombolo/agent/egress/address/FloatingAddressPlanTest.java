package dev.tombolo.agent.egress.address;

import static dev.tombolo.agent.egress.TwoNodes.NODE1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.agent.egress.network.FloatingMark;
import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FloatingAddressPlanTest {
    private static final IpAddress ADDRESS = IpAddress.parse("172.30.1.200");
    private static final IpAddress FAR = IpAddress.parse("203.0.113.7");

    private final NodeNetwork without = TwoNodes.network(1);
    private final NodeNetwork with = with(without);

    private static NodeNetwork with(NodeNetwork network) {
        var addresses = new ArrayList<>(network.addresses());
        addresses.add(FloatingMark.marked(ADDRESS, "eth0"));
        return new NodeNetwork(network.links(), addresses, network.routes());
    }

    private static Map<IpAddress, AddressOwner> ownedBy(String node) {
        return Map.of(ADDRESS, new AddressOwner(ADDRESS, node, 1, "billing#0", Instant.EPOCH));
    }

    private static Map<IpAddress, String> devices(Map<IpAddress, AddressOwner> owners, NodeNetwork network) {
        return FloatingAddressPlan.devices(NODE1, Set.of(ADDRESS), owners, network);
    }

    @Test
    void whoOwnsAnAddressHasItOnTheDeviceOfItsNetwork() {
        assertThat(devices(ownedBy("node1"), without)).isEqualTo(Map.of(ADDRESS, "eth0"));
        assertThat(devices(ownedBy("node2"), with)).isEmpty();
        assertThat(without.deviceToward(FAR)).as("by the default route").contains("eth0");
        assertThat(without.deviceToward(TwoNodes.POD1)).contains("cni0");
    }

    @Test
    void whileNoOwnerIsKnownNothingChanges() {
        assertThat(devices(Map.of(), with)).isEqualTo(Map.of(ADDRESS, "eth0"));
        assertThat(devices(Map.of(), without)).isEmpty();
    }

    @Test
    void oneOfIpv6GoesWhereItsNetworkIs() {
        var address = IpAddress.parse("fd30:1::a00");
        var routes = new ArrayList<>(without.routes());
        routes.add(Route.device(Prefix.parse("fd30:1::/64"), "eth0", Route.MAIN_TABLE));
        var dual = new NodeNetwork(without.links(), without.addresses(), routes);
        var owners = Map.of(address, new AddressOwner(address, "node1", 1, "billing#0", Instant.EPOCH));
        assertThat(FloatingAddressPlan.devices(NODE1, Set.of(address), owners, dual))
                .isEqualTo(Map.of(address, "eth0"));
    }

    @Test
    void whatNobodyWantsGoes() {
        assertThat(FloatingAddressPlan.devices(NODE1, Set.of(), ownedBy("node1"), with))
                .isEmpty();
    }
}
