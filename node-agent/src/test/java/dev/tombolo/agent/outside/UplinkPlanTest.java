package dev.tombolo.agent.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UplinkPlanTest {
    private static final IpAddress NODE = IpAddress.parse("172.30.1.11");

    @Test
    void aDeviceOfTheDefaultRouteOrOfTheNodesAddressIsOne() {
        assertThat(UplinkPlan.uplinks(network(), Set.of(NODE))).isEqualTo(Map.of("eth0", 2, "eth1", 3));
        assertThat(UplinkPlan.uplinks(network(), Set.of())).isEqualTo(Map.of("eth0", 2));
    }

    @Test
    void aDeviceWithoutEthernetsHeadersIsNone() {
        var tunnel = IpAddress.parse("10.9.0.1");
        assertThat(UplinkPlan.uplinks(network(), Set.of(tunnel))).isEqualTo(Map.of("eth0", 2));
    }

    private static NodeNetwork network() {
        var links = List.of(
                new Link(2, "eth0", 1500, true, Optional.empty()),
                new Link(3, "eth1", 1500, true, Optional.empty()),
                new Link(4, "cni0", 1500, true, Optional.empty()),
                new Link(5, "tun0", 1400, true, true, false, Optional.of("tun")));
        var addresses = List.of(
                new InterfaceAddress("eth0", IpAddress.parse("203.0.113.5"), 24),
                new InterfaceAddress("eth1", NODE, 24),
                new InterfaceAddress("cni0", IpAddress.parse("10.1.1.1"), 24),
                new InterfaceAddress("tun0", IpAddress.parse("10.9.0.1"), 24));
        var router = new Hop.Gateway(IpAddress.parse("203.0.113.1"), "eth0");
        var route = new Route(
                Prefix.parse("0.0.0.0/0"), router, Route.MAIN_TABLE, 0, Optional.empty(), 0, Route.Scope.UNIVERSE);
        return new NodeNetwork(links, addresses, List.of(route));
    }
}
