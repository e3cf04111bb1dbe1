package dev.tombolo.agent.egress.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.TwoNodes;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Route;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeNetworkTest {
    private static final InterfaceAddress FLOATING =
            new InterfaceAddress("eth0", IpAddress.parse("172.30.1.200"), 32).withLabel(FloatingMark.LABEL);
    private static final InterfaceAddress OWN = new InterfaceAddress("eth0", IpAddress.parse("172.30.1.12"), 24);

    /** As the kernel lists them when the node's own was taken off and added again. */
    private final NodeNetwork network = new NodeNetwork(
            TwoNodes.network(2).links(),
            List.of(FLOATING, OWN),
            TwoNodes.network(2).routes());

    @Test
    void aFloatingAddressIsNeverTheDevicesOwn() {
        for (var wanted : List.of(new EgressAddress.OfDefaultRoute(), new EgressAddress.OfInterface("eth0"))) {
            var held = network.held(wanted, true).orElseThrow();
            assertThat(held.address()).isEqualTo(OWN.address());
            assertThat(held.shared()).isTrue();
        }
    }

    /** {@code ip route add default nexthop via 192.0.2.1 dev eth1 nexthop via 172.30.1.1 dev eth0}. */
    @Test
    void aDefaultRouteOfSeveralPathsIsByAllOfTheirDevices() {
        var paths = List.<Hop>of(
                new Hop.Gateway(IpAddress.parse("192.0.2.1"), "eth1"),
                new Hop.Gateway(IpAddress.parse("172.30.1.1"), "eth0"));
        var route = TwoNodes.byEth0("0.0.0.0/0");
        var shared = new Route(
                route.destination(), new Hop.Multipath(paths), route.table(), 0, route.source(), 0, route.scope());
        var several = new NodeNetwork(network.links(), network.addresses(), List.of(shared));
        assertThat(several.uplinks()).containsExactlyInAnyOrder("eth0", "eth1");
        assertThat(several.ways()).containsExactlyInAnyOrder("eth0", "eth1");
        // eth1 has no address to leave with.
        assertThat(several.held(new EgressAddress.OfDefaultRoute(), true)
                        .orElseThrow()
                        .address())
                .isEqualTo(OWN.address());
    }

    @Test
    void whoNamesAFloatingAddressGetsItForItself() {
        var held =
                network.held(new EgressAddress.Fixed(FLOATING.address()), true).orElseThrow();
        assertThat(held.address()).isEqualTo(FLOATING.address());
        assertThat(held.shared()).isFalse();
    }

    /** The kernel lists the latest first. */
    @Test
    void theOldestIpv6AddressOfTheWorldIsTheDevicesOwn() {
        var floating = FloatingMark.marked(IpAddress.parse("2001:db8:1::200"), "eth0");
        var temporary = ipv6("2001:db8:1::aaaa").deprecated();
        var dual = new NodeNetwork(
                network.links(),
                List.of(
                        OWN,
                        floating,
                        ipv6("fd30:1::13"),
                        ipv6("2001:db8:1::13"),
                        ipv6("2001:db8:1::12"),
                        ipv6("fd30:1::12"),
                        temporary,
                        ipv6("fe80::12")),
                network.routes());
        var held = dual.held(new EgressAddress.OfInterface("eth0"), false).orElseThrow();
        assertThat(held.address()).isEqualTo(IpAddress.parse("2001:db8:1::12"));
        assertThat(held.shared()).isTrue();
        var named = new EgressAddress.Fixed(floating.address());
        assertThat(dual.held(named, false).orElseThrow().shared()).isFalse();
        assertThat(dual.held(named, true)).isEmpty();
        assertThat(dual.floating()).containsExactly(floating.address());
    }

    @Test
    void anAddressOfThisNetworkAloneIsBetterThanNone() {
        var local = new NodeNetwork(
                network.links(), List.of(ipv6("fd30:1::13"), ipv6("fd30:1::12"), ipv6("fe80::12")), network.routes());
        assertThat(local.held(new EgressAddress.OfInterface("eth0"), false)
                        .orElseThrow()
                        .address())
                .isEqualTo(IpAddress.parse("fd30:1::12"));
    }

    @Test
    void theNetworkOfALinkAloneLeadsNowhere() {
        var routes = new ArrayList<>(network.routes());
        for (String device : List.of("eth0", "veth1", "eth1")) {
            routes.add(Route.device(Prefix.parse("fe80::/64"), device, Route.MAIN_TABLE));
        }
        routes.add(Route.gateway(Prefix.parse("2001:db8::/32"), IpAddress.parse("fe80::1"), "eth1", Route.MAIN_TABLE));
        var dual = new NodeNetwork(network.links(), network.addresses(), routes);
        assertThat(dual.ways()).containsExactlyInAnyOrder("eth0", "cni0", "eth1");
    }

    private static InterfaceAddress ipv6(String address) {
        return new InterfaceAddress("eth0", IpAddress.parse(address), 64);
    }
}
