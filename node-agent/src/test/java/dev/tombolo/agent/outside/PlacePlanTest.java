package dev.tombolo.agent.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.path.TunnelRoute;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** This node is 172.30.1.11 and fd30:1::11 on eth0, 3, and has a tunnel without a link layer, 4. */
class PlacePlanTest {
    private static final NodeNetwork NETWORK = new NodeNetwork(
            List.of(
                    new Link(3, "eth0", 1500, true, Optional.empty()),
                    new Link(4, "wg0", 1400, true, true, false, Optional.of("wireguard"))),
            List.of(
                    new InterfaceAddress("eth0", IpAddress.parse("172.30.1.11"), 24),
                    new InterfaceAddress("eth0", IpAddress.parse("fd30:1::11"), 64),
                    new InterfaceAddress("eth0", IpAddress.parse("172.30.9.11"), 32),
                    new InterfaceAddress("wg0", IpAddress.parse("100.64.1.1"), 16)),
            List.of());

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "here,                     10.1.1.2,  172.30.1.11,            true,  172.30.1.11 0",
        "a neighbour,              10.1.2.2,  172.30.1.12,            false, 172.30.1.12 3",
        "one of both families,     10.1.2.2,  fd30:1::12 172.30.1.12, false, 172.30.1.12 3",
        "the same over IPv6,       fd10::2,   172.30.1.12 fd30:1::12, false, fd30:1::12 3",
        "its second address,       10.1.2.2,  10.9.9.9 172.30.1.12,   false, 172.30.1.12 3",
        "behind a router,          10.1.2.2,  172.30.2.12,            false, ",
        "alone in its network,     10.1.2.2,  172.30.9.11,            false, ",
        "at a tunnel,              10.1.2.2,  100.64.1.2,             false, ",
        "no address of the family, fd10::2,   172.30.1.12,            false, "
    })
    void isWhereTheNodeIs(String name, String backend, String addresses, boolean here, String place) {
        var planned = PlacePlan.place(IpAddress.parse(backend), node(addresses), here, NETWORK);
        assertThat(planned.map(found -> found.node() + " " + found.device()).orElse(null))
                .isEqualTo(place);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "through the tunnel,       wg0, 100.64.1.1, 100.64.1.1 4 1372",
        "a tunnel that is away,    wg9, 100.64.1.1, ",
        "no address in it yet,     wg0, '',         ",
        "of the family not there,  wg0, fd00::1,    "
    })
    void anotherClustersIsReachedThroughTheTunnel(String name, String device, String source, String place) {
        var route = new TunnelRoute(device, IpAddress.tryParse(source), 1_400);
        var planned = PlacePlan.throughTunnel(route, NETWORK);
        assertThat(planned.map(found -> found.node() + " " + found.device() + " " + found.room())
                        .orElse(null))
                .isEqualTo(place);
    }

    private static KubeNode node(String addresses) {
        var parsed =
                List.of(addresses.split(" ")).stream().map(IpAddress::parse).toList();
        return new KubeNode("node", "", Map.of(), Map.of(), List.of(), parsed, List.of(), true, "", false);
    }
}
