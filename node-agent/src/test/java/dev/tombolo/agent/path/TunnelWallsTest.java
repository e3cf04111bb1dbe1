package dev.tombolo.agent.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.nft.HostCommand;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our routes and our table in a kernel: a pod, its node with a masquerading CNI, a far node, and the rest of the world. */
class TunnelWallsTest {
    private static final Prefix REMOTE = Prefix.parse("10.2.0.0/16");
    private static final Prefix TUNNELS = Prefix.parse("100.64.128.0/18");
    private static final int TUNNEL_MTU = 1_380;
    private static final int PATH_MTU = 1_280;

    private final List<TestNamespace> namespaces = new ArrayList<>();
    private TestNamespace pod;
    private TestNamespace node;
    private TestNamespace far;
    private TestNamespace world;
    private Netlink netlink;

    /** The tunnel is a wire here: what it does with packets is WireGuard's business. */
    @BeforeEach
    void connect() throws IOException {
        pod = namespace();
        node = namespace();
        far = namespace();
        world = namespace();
        wire(pod, "eth0", "10.1.0.2/24", node, "cni0", "10.1.0.1/24");
        wire(node, "wg0", "100.64.64.1/32", far, "wg0", "100.64.128.1/32");
        wire(node, "out0", "192.0.2.1/24", world, "in0", "192.0.2.2/24");
        pod.run("ip route add default via 10.1.0.1");
        node.run("sysctl -qw net.ipv4.ip_forward=1");
        node.run("ip route add default via 192.0.2.2");
        far.run("ip addr add 10.2.0.9/32 dev lo");
        far.run("ip route add 100.64.64.1/32 dev wg0");
        far.run("ip route add 10.1.0.0/24 via 100.64.64.1 dev wg0 onlink");
        // As the CNI plugins do it: everything that leaves the pod range is masqueraded.
        node.run("iptables-nft -t nat -A POSTROUTING -s 10.1.0.0/24 ! -d 10.1.0.0/24 -j MASQUERADE");
        count(far, "ip saddr 10.1.0.2 counter comment pod", "ip saddr 100.64.64.1 counter comment node");
        count(world, "ip daddr 10.2.0.0/16 counter comment leaked");
        netlink = Netlink.openIn(node.path());
    }

    private TestNamespace namespace() throws IOException {
        var made = TestNamespace.create();
        namespaces.add(made);
        return made;
    }

    private static void wire(
            TestNamespace left,
            String leftName,
            String leftAddress,
            TestNamespace right,
            String rightName,
            String rightAddress)
            throws IOException {
        left.run("ip link add " + leftName + " type veth peer name " + rightName + " netns " + right.name());
        left.run("ip addr add " + leftAddress + " dev " + leftName);
        right.run("ip addr add " + rightAddress + " dev " + rightName);
        left.run("ip link set " + leftName + " up");
        right.run("ip link set " + rightName + " up");
    }

    private static void count(TestNamespace where, String... rules) throws IOException {
        where.run("nft add table ip see");
        where.run("nft add chain ip see in { type filter hook prerouting priority 0 ; }");
        for (String rule : rules) {
            where.run("nft add rule ip see in " + rule);
        }
    }

    @AfterEach
    void close() throws IOException {
        if (netlink != null) {
            netlink.close();
        }
        for (var namespace : namespaces) {
            namespace.close();
        }
    }

    /** As the agent does it, from the plans. */
    private void build() throws IOException {
        var own = new OwnTunnel("wg0", Optional.of(IpAddress.parse("100.64.64.1")), TUNNEL_MTU);
        var ranges = List.of(REMOTE, TUNNELS);
        var routes = new KernelRoutes(netlink);
        routes.observe();
        for (var route : RoutePlan.routes(ranges, own, Map.of(REMOTE, PATH_MTU)).entrySet()) {
            routes.put(route.getKey(), route.getValue());
        }
        new NftTable(HostCommand.in(node.name())).put(NftPlan.V4, NftPlan.rules(ranges, own));
    }

    @Test
    void podsKeepTheirSourceAndTheNodeGetsItsTunnelAddress() throws IOException {
        build();
        pod.run("busybox ping -c 1 -W 1 10.2.0.9");
        assertThat(seen(far, "pod")).isEqualTo(1);
        assertThat(seen(far, "node")).isZero();
        node.run("busybox ping -c 1 -W 1 10.2.0.9");
        // From whatever address of the node a process speaks.
        node.run("busybox ping -c 1 -W 1 -I 192.0.2.1 10.2.0.9");
        assertThat(seen(far, "node")).isEqualTo(2);
    }

    @Test
    void segmentsAreMadeToFitThePathBothWays() throws IOException {
        build();
        count(pod, "tcp flags syn tcp option maxseg size 1340 counter comment clamped");
        far.run("nft add rule ip see in tcp flags syn tcp option maxseg size 1240 counter comment clamped");
        // Nobody listens: the SYN is what counts.
        assertThatThrownBy(() -> pod.run("busybox nc -w 1 10.2.0.9 9")).isInstanceOf(AssertionError.class);
        assertThat(seen(far, "clamped")).isEqualTo(1);
        assertThatThrownBy(() -> far.run("busybox nc -w 1 10.1.0.2 9")).isInstanceOf(AssertionError.class);
        assertThat(seen(pod, "clamped")).isEqualTo(1);
    }

    @Test
    void aDatagramThatMayNotBeFragmentedIsRefusedWithThePathsMtu() throws IOException {
        build();
        assertThat(mtuToldFor(node, 1_400)).isEqualTo("refused at once, mtu " + PATH_MTU);
        // The pod's own route knows nothing of the tunnel: only an ICMP of the node can tell.
        assertThat(mtuToldFor(pod, 1_400)).isEqualTo("refused later, mtu " + PATH_MTU);
    }

    @Test
    void withoutTheDeviceRemoteRangesAreUnreachable() throws IOException {
        build();
        node.run("ip link delete wg0");
        for (var from : List.of(pod, node)) {
            assertThatThrownBy(() -> from.run("busybox ping -c 1 -W 1 10.2.0.9"))
                    .isInstanceOf(AssertionError.class);
        }
        assertThat(seen(world, "leaked")).isZero();
        // The table alone holds too: some CNIs' rules are looked at before ours.
        node.run("ip rule del priority " + KernelRoutes.RULE_PRIORITY);
        for (var from : List.of(pod, node)) {
            assertThatThrownBy(() -> from.run("busybox ping -c 1 -W 1 10.2.0.9"))
                    .isInstanceOf(AssertionError.class);
        }
        assertThat(seen(world, "leaked")).isZero();
        node.run("nft delete table ip " + NftPlan.TABLE);
        assertThatThrownBy(() -> node.run("busybox ping -c 1 -W 1 10.2.0.9")).isInstanceOf(AssertionError.class);
        assertThat(seen(world, "leaked")).as("without any wall").isEqualTo(1);
    }

    /** A program marks what it will translate; when its policy is gone, conntrack still keeps the CNI from translating. */
    @Test
    void whatIsMarkedNoMoreEndsInsteadOfLeavingUnderThePodsAddress() throws IOException {
        build();
        world.run("nft add rule ip see in ip saddr 10.1.0.2 counter comment pod");
        world.run("nft add rule ip see in ip saddr 192.0.2.1 udp dport 9 counter comment node");
        node.run("nft add table ip program");
        node.run("nft add chain ip program pre { type filter hook prerouting priority -150 ; }");
        node.run("nft add rule ip program pre iifname cni0 meta mark set 0x1000");
        sendFrom(4_000);
        assertThat(seen(world, "pod")).isEqualTo(1);
        node.run("nft delete table ip program");
        sendFrom(4_000);
        assertThat(seen(world, "pod")).isEqualTo(1);
        sendFrom(4_001);
        assertThat(seen(world, "node")).isEqualTo(1);
    }

    /** Conntrack would go on giving it the node's address, and what is marked may not leave under that. */
    @Test
    void aConnectionThatWasThereBeforeItIsSteeredIsReset() throws IOException {
        build();
        node.run("nft add table ip program");
        node.run("nft add chain ip program pre { type filter hook prerouting priority -150 ; }");
        var server = perl(
                world,
                "listen(S, 1) or die $!; print \"ready\\n\"; accept(C, S); while (sysread(C, $_, 9)) { syswrite(C, $_) }");
        try {
            assertThat(server.inputReader().readLine()).isEqualTo("ready");
            expectResetWhenSteered();
        } finally {
            server.destroyForcibly();
        }
    }

    private void expectResetWhenSteered() throws IOException {
        var client = perl(
                pod,
                "connect(S, sockaddr_in(9, inet_aton('192.0.2.2'))) or die $!; print \"connected\\n\";"
                        + " while (<STDIN>) { syswrite(S, $_); print defined sysread(S, $_, 9) ? \"answered\\n\" : \"$!\\n\" }");
        try {
            assertThat(client.inputReader().readLine()).isEqualTo("connected");
            assertThat(say(client)).isEqualTo("answered");
            node.run("nft add rule ip program pre iifname cni0 meta mark set 0x1000");
            assertThat(say(client)).isEqualTo("Connection reset by peer");
        } finally {
            client.destroyForcibly();
        }
    }

    /** A program with a TCP socket S, which is bound to port 9. */
    private static Process perl(TestNamespace where, String program) throws IOException {
        String socket =
                "alarm 30; $| = 1; socket(S, PF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(9, INADDR_ANY)) or die $!; ";
        return new ProcessBuilder("ip", "netns", "exec", where.name(), "perl", "-MSocket", "-e", socket + program)
                .redirectErrorStream(true)
                .start();
    }

    private static String say(Process client) throws IOException {
        client.outputWriter().append("x\n").flush();
        return client.inputReader().readLine();
    }

    private void sendFrom(int port) throws IOException {
        pod.run("perl -MSocket -e socket(S,PF_INET,SOCK_DGRAM,0);bind(S,sockaddr_in(" + port
                + ",INADDR_ANY));send(S,'x',0,sockaddr_in(9,inet_aton('192.0.2.2')))");
    }

    /** A CNI masquerades IPv6 as it does IPv4; what egress programs marked they translate themselves. */
    @Test
    void aMarkedPacketOfIpv6KeepsItsSource() throws IOException {
        node.run("sysctl -qw net.ipv6.conf.all.forwarding=1");
        pod.run("ip addr add fd10::2/64 dev eth0 nodad");
        node.run("ip addr add fd10::1/64 dev cni0 nodad");
        node.run("ip addr add 2001:db8::1/64 dev out0 nodad");
        world.run("ip addr add 2001:db8::2/64 dev in0 nodad");
        pod.run("ip -6 route add default via fd10::1");
        node.run("ip6tables-nft -t nat -A POSTROUTING -s fd10::/64 -j MASQUERADE");
        node.run("nft add table ip6 marking");
        node.run("nft add chain ip6 marking in { type filter hook prerouting priority 0 ; }");
        node.run("nft add rule ip6 marking in ip6 saddr fd10::2 udp dport 9 meta mark set 0x1000");
        world.run("nft add table ip6 see");
        world.run("nft add chain ip6 see in { type filter hook prerouting priority 0 ; }");
        world.run("nft add rule ip6 see in ip6 saddr fd10::2 udp dport 9 counter");
        world.run("nft add rule ip6 see in ip6 saddr 2001:db8::1 udp dport 10 counter");
        var own = new OwnTunnel("wg0", Optional.of(IpAddress.parse("100.64.64.1")), TUNNEL_MTU);
        var table = new NftTable(HostCommand.in(node.name()));
        table.put(NftPlan.V6, NftPlan.tables(List.of(), own).get(NftPlan.V6));
        assertThat(table.observe())
                .isEqualTo(Map.of(NftPlan.V6, NftPlan.tables(List.of(), own).get(NftPlan.V6)));
        for (int port : List.of(9, 10)) {
            TestNamespace.command(
                    List.of("ip", "netns", "exec", pod.name(), "bash", "-c", "echo > /dev/udp/2001:db8::2/" + port));
        }
        await().untilAsserted(
                        () -> assertThat(world.run("nft list table ip6 see")).doesNotContain("packets 0 "));
        table.remove(NftPlan.V6);
        assertThat(table.observe()).isEmpty();
    }

    @Test
    void aRangeOfIpv6IsClosed() throws IOException {
        var range = Prefix.parse("fd00:2::/64");
        var own = new OwnTunnel("wg0", Optional.of(IpAddress.parse("100.64.64.1")), TUNNEL_MTU);
        var routes = new KernelRoutes(netlink);
        routes.observe();
        var row = RoutePlan.routes(List.of(range), own, Map.of()).get(range);
        routes.put(range, row);
        assertThat(node.run("ip -6 rule")).contains("lookup " + KernelRoutes.TABLE);
        assertThat(node.run("ip -6 route show table " + KernelRoutes.TABLE)).contains("unreachable fd00:2::/64");
        assertThat(routes.observe()).containsOnlyKeys(range);
    }

    /** Sends a datagram that may not be fragmented until it is refused, five times at most. */
    private static String mtuToldFor(TestNamespace from, int bytes) throws IOException {
        String program = """
            use Socket;
            socket(S, PF_INET, SOCK_DGRAM, 0);
            setsockopt(S, 0, 10, pack('i', 2));
            connect(S, sockaddr_in(9, inet_aton('10.2.0.9')));
            for my $try (0 .. 4) {
              next if defined send(S, 'x' x %d, 0);
              if ($!{EMSGSIZE}) {
                my $mtu = unpack('i', getsockopt(S, 0, 14));
                print 'refused ', ($try ? 'later' : 'at once'), ", mtu $mtu";
                exit 0;
              }
            } continue { select(undef, undef, undef, 0.1) }
            print 'never refused';
            """.formatted(bytes);
        return TestNamespace.command(
                List.of("ip", "netns", "exec", from.name(), "perl", "-e", "use Errno; " + program));
    }

    private static long seen(TestNamespace where, String comment) throws IOException {
        String line = where.run("nft list table ip see")
                .lines()
                .filter(text -> text.contains("\"" + comment + "\""))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll(".*packets (\\d+) .*", "$1"));
    }
}
