package dev.tombolo.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel, in a namespace of its own. */
class NetlinkTest {
    private static final int TABLE = 7100;
    private static final Prefix PODS = Prefix.parse("10.2.1.0/24");
    private static final Prefix PODS_V6 = Prefix.parse("fd00:2::/64");
    private static final IpAddress TUNNEL = IpAddress.parse("100.64.64.1");

    private TestNamespace namespace;
    private Netlink netlink;

    @BeforeEach
    void open() throws IOException {
        namespace = TestNamespace.create();
        namespace.run("ip link add v0 type veth peer name v1");
        namespace.run("ip link set v1 up");
        netlink = Netlink.openIn(namespace.path());
    }

    @AfterEach
    void close() throws IOException {
        if (netlink != null) {
            netlink.close();
            namespace.close();
        }
    }

    @Test
    void linksAreListedSetAndDeleted() throws IOException {
        netlink.links().setMtu("v0", 1380);
        netlink.links().setUp("v0");
        var link = netlink.links().find("v0").orElseThrow();
        assertThat(link.mtu()).isEqualTo(1380);
        assertThat(link.isUp()).isTrue();
        assertThat(link.kind()).contains("veth");
        assertThat(link.isEthernet()).isTrue();
        assertThat(netlink.links().find("lo").orElseThrow().isEthernet()).isFalse();
        netlink.links().delete("v0");
        netlink.links().delete("v0");
        assertThat(netlink.links().list()).extracting(Link::name).containsExactly("lo");
    }

    @Test
    void aLinkWithNothingAtItsOtherEndHasNoCarrier() throws IOException {
        netlink.links().setUp("v0");
        assertThat(netlink.links().find("v0").orElseThrow().hasCarrier()).isTrue();
        namespace.run("ip link set v1 down");
        var alone = netlink.links().find("v0").orElseThrow();
        assertThat(alone.isUp()).isTrue();
        assertThat(alone.hasCarrier()).isFalse();
    }

    @Test
    void aRouteIsLookedUpByTheRulesAndByADevice() throws IOException {
        namespace.run("ip link set v0 up");
        namespace.run("ip addr add 192.0.2.2/24 dev v0");
        namespace.run("ip route add default via 192.0.2.1");
        namespace.run("ip addr add 198.51.100.2/24 dev v1");
        namespace.run("ip rule add to 203.0.113.0/24 lookup 77");
        namespace.run("ip route add 203.0.113.0/25 dev v1 table 77 mtu 1300");
        namespace.run("ip -6 addr add fd00::2/64 dev v0 nodad");
        var everywhere = IpAddress.parse("8.8.0.1");
        assertThat(device(everywhere, Optional.empty())).contains("via 192.0.2.1 dev v0");
        assertThat(device(everywhere, Optional.of("v1"))).isEmpty();
        assertThat(device(everywhere, Optional.of("none"))).isEmpty();
        assertThat(device(IpAddress.parse("198.51.100.9"), Optional.of("v1"))).contains("dev v1");
        assertThat(device(IpAddress.parse("fd00::9"), Optional.of("v0"))).contains("dev v0");
        assertThat(device(IpAddress.parse("fd01::9"), Optional.empty())).isEmpty();
        var byRule = netlink.routes()
                .lookup(
                        IpAddress.parse("203.0.113.7"),
                        Optional.empty(),
                        netlink.links().list())
                .orElseThrow();
        assertThat(byRule.hop()).isEqualTo(new Hop.Device("v1"));
        assertThat(byRule.mtu()).isEqualTo(1_300);
        namespace.run("ip route del default");
        namespace.run("ip route add blackhole 8.0.0.0/8");
        assertThat(device(everywhere, Optional.empty())).isEmpty();
        assertThat(device(everywhere, Optional.of("v0"))).isEmpty();
    }

    private Optional<String> device(IpAddress destination, Optional<String> device) throws IOException {
        return netlink.routes()
                .lookup(destination, device, netlink.links().list())
                .map(route -> route.hop().toString());
    }

    @Test
    void addressesOfBothFamiliesComeAndGo() throws IOException {
        for (var text : new String[] {"100.64.64.1", "fd64::1"}) {
            var address = InterfaceAddress.host("v0", IpAddress.parse(text));
            netlink.addresses().add(address);
            netlink.addresses().add(address);
            assertThat(netlink.addresses().list("v0")).contains(address);
            netlink.addresses().delete(address);
            netlink.addresses().delete(address);
            assertThat(netlink.addresses().list("v0")).doesNotContain(address);
        }
    }

    /** The kernel minds no word, though ip(8) wants one that starts with the device's name. */
    @Test
    void anAddressIsKnownByItsLabel() throws IOException {
        var plain = InterfaceAddress.host("v0", TUNNEL);
        var labelled = InterfaceAddress.host("v0", IpAddress.parse("192.0.2.7")).withLabel("tombolo-egress");
        netlink.addresses().add(plain);
        netlink.addresses().add(labelled);
        netlink.addresses().add(labelled);
        assertThat(netlink.addresses().list("v0")).contains(plain, labelled);
        assertThat(namespace.run("ip address show dev v0")).contains("192.0.2.7/32 scope global tombolo-egress");
    }

    @Test
    void whatSomebodyElsePutThereIsNotTakenByLabel() throws IOException {
        var theirs = InterfaceAddress.host("v0", IpAddress.parse("192.0.2.7"));
        var ours = theirs.withLabel("tombolo-egress");
        netlink.addresses().add(theirs);
        netlink.addresses().add(ours);
        netlink.addresses().delete(ours);
        assertThat(netlink.addresses().list("v0")).contains(theirs);
        netlink.addresses().delete(theirs);
        netlink.addresses().add(ours);
        netlink.addresses().delete(ours);
        assertThat(netlink.addresses().list("v0")).doesNotContain(theirs, ours);
    }

    @Test
    void aRouteReadsBackAsWritten() throws IOException {
        ready();
        var pods = Route.device(PODS, "v0", TABLE).withSource(TUNNEL).withMtu(1380);
        var podsV6 = new Route(PODS_V6, new Hop.Device("v0"), TABLE, 50, Optional.empty(), 1360, Route.Scope.LINK);
        var fallback = Route.unreachable(PODS, TABLE, 4_000);
        var fallbackV6 = Route.unreachable(PODS_V6, TABLE, 4_000);
        for (var route : new Route[] {pods, podsV6, fallback, fallbackV6, pods}) {
            netlink.routes().replace(route);
        }
        assertThat(netlink.routes().list(TABLE)).containsExactlyInAnyOrder(pods, podsV6, fallback, fallbackV6);
        netlink.routes().replace(pods.withMtu(1280));
        assertThat(netlink.routes().list(TABLE)).contains(pods.withMtu(1280)).doesNotContain(pods);
    }

    /** By its device, by its route, and by what a router has said. */
    @Test
    void aWayIsAsWideAsItsNarrowestPartThatIsKnown() throws IOException {
        var far = IpAddress.parse("192.0.2.9");
        try (var router = TestNamespace.create()) {
            namespace.run("ip link set v1 netns " + router.name());
            router.run("ip address add 198.51.100.1/24 dev v1");
            router.run("ip link set v1 up");
            router.run("ip link add w0 type veth peer name w1");
            router.run("ip link set w0 up");
            router.run("ip link set w1 up");
            router.run("ip route add 192.0.2.0/24 dev w0 mtu 1280");
            router.run("sysctl -qw net.ipv4.ip_forward=1");
            namespace.run("ip address add 198.51.100.2/24 dev v0");
            namespace.run("ip link set v0 up");
            assertThat(netlink.routes().mtu(far, netlink.links().list())).isEmpty();
            namespace.run("ip route add default via 198.51.100.1 mtu 1480");
            assertThat(netlink.routes().mtu(far, netlink.links().list())).hasValue(1_480);
            namespace.run("ip route replace default via 198.51.100.1");
            assertThat(netlink.routes().mtu(far, netlink.links().list())).hasValue(1_500);
            assertThatThrownBy(() -> namespace.run("ping -c 1 -W 1 -M do -s 1400 192.0.2.9"))
                    .hasMessageContaining("mtu = 1280");
            assertThat(netlink.routes().mtu(far, netlink.links().list())).hasValue(1_280);
            assertThat(netlink.routes()
                            .mtu(IpAddress.parse("192.0.2.8"), netlink.links().list()))
                    .hasValue(1_500);
        }
    }

    @Test
    void deletingAnAbsentRouteNeverTakesItsFallback() throws IOException {
        ready();
        var pods = Route.device(PODS, "v0", TABLE);
        var fallback = Route.unreachable(PODS, TABLE, 4_000);
        netlink.routes().replace(fallback);
        netlink.routes().replace(pods);
        netlink.routes().delete(pods);
        netlink.routes().delete(pods);
        assertThat(netlink.routes().list(TABLE)).containsExactly(fallback);
    }

    @Test
    void theFallbackHoldsWhenTheDeviceVanishes() throws IOException {
        ready();
        netlink.addresses().add(new InterfaceAddress("v1", IpAddress.parse("192.0.2.1"), 24));
        netlink.routes()
                .replace(Route.gateway(
                        Prefix.parse("0.0.0.0/0"), IpAddress.parse("192.0.2.254"), "v1", Route.MAIN_TABLE));
        netlink.rules().add(Rule.lookup(Family.V4, 100, TABLE));
        netlink.routes().replace(Route.unreachable(PODS, TABLE, 4_000));
        netlink.routes().replace(Route.device(PODS, "v0", TABLE));
        assertThat(namespace.run("ip route get 10.2.1.9")).contains("dev v0");
        namespace.run("ip link set v0 down");
        assertThatThrownBy(() -> namespace.run("ip route get 10.2.1.9")).hasMessageContaining("No route to host");
    }

    @Test
    void aRouteOfSeveralPathsIsReadWithAllOfThem() throws IOException {
        ready();
        namespace.run("ip addr add 192.0.2.1/24 dev v0");
        namespace.run("ip addr add 198.51.100.1/24 dev v1");
        namespace.run("ip route add default nexthop via 192.0.2.254 dev v0 nexthop via 198.51.100.254 dev v1 weight 2");
        assertThat(netlink.routes().list(Route.MAIN_TABLE).stream()
                        .filter(route -> route.destination().length() == 0)
                        .map(Route::hop))
                .containsExactly(new Hop.Multipath(List.of(
                        new Hop.Gateway(IpAddress.parse("192.0.2.254"), "v0"),
                        new Hop.Gateway(IpAddress.parse("198.51.100.254"), "v1"))));
        assertThat(netlink.routes().list().stream().map(Route::table)).contains(Route.MAIN_TABLE, 255);
    }

    @Test
    void rulesComeAndGo() throws IOException {
        var lookup = Rule.lookup(Family.V4, 100, TABLE);
        var marked = new Rule(Family.V6, 101, 300, Optional.of(PODS_V6), 0x7e, 0xff);
        for (var rule : new Rule[] {lookup, marked}) {
            netlink.rules().add(rule);
            netlink.rules().add(rule);
            assertThat(netlink.rules().list()).contains(rule);
        }
        for (var rule : new Rule[] {lookup, marked}) {
            netlink.rules().delete(rule);
            netlink.rules().delete(rule);
            assertThat(netlink.rules().list()).doesNotContain(rule);
        }
    }

    @Test
    void refusalsAreSentences() throws IOException {
        assertThatThrownBy(() -> netlink.links().setUp("nosuch"))
                .hasMessage("setting up of device nosuch refused: ENODEV (no such device)");
        assertThatThrownBy(() -> netlink.routes().replace(Route.device(PODS, "nosuch", TABLE)))
                .hasMessageContaining("there is no device nosuch");
        // The kernel's own words: the source is no address of this machine.
        assertThatThrownBy(() -> netlink.routes()
                        .replace(Route.device(PODS, "lo", TABLE).withSource(IpAddress.parse("198.51.100.7"))))
                .isInstanceOf(NetlinkException.class)
                .hasMessageContaining("Invalid prefsrc address");
        assertThatThrownBy(() -> Netlink.openIn(Path.of("/run/netns/nosuch"))).hasMessageContaining("ENOENT");
    }

    @Test
    void aThousandRoutesAreOneListing() throws IOException {
        ready();
        for (int i = 0; i < 1_000; i++) {
            netlink.routes()
                    .replace(
                            Route.device(Prefix.host(IpAddress.parse("10.9.0.0").plus(i)), "v0", TABLE));
        }
        assertThat(netlink.routes().list(TABLE)).hasSize(1_000);
    }

    @Test
    void wireGuardDevicesAreMadeWhereTheKernelCan() throws IOException {
        try {
            netlink.links().add("wg0", "wireguard");
            netlink.links().add("wg0", "wireguard");
            assertThat(netlink.links().find("wg0").flatMap(Link::kind)).isEqualTo(Optional.of("wireguard"));
        } catch (NetlinkException noModule) {
            assertThat(noModule.errno()).isEqualTo(Errno.EOPNOTSUPP);
        }
    }

    @Test
    void aClosedConnectionSaysSo() {
        netlink.close();
        assertThatCode(netlink::close).doesNotThrowAnyException();
        assertThatThrownBy(() -> netlink.links().list()).isInstanceOf(IllegalStateException.class);
    }

    private void ready() throws IOException {
        netlink.addresses().add(InterfaceAddress.host("v0", TUNNEL));
        netlink.links().setUp("v0");
    }
}
