package dev.tombolo.netlink.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.netlink.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod, its node with a masquerading CNI, and a far node: whom does the far node see? The tunnel is a wire here. */
class KeepSourceTest {
    private final List<TestNamespace> namespaces = new ArrayList<>();
    private TestNamespace pod;
    private TestNamespace node;
    private TestNamespace far;

    @BeforeEach
    void connect() throws IOException {
        pod = namespace();
        node = namespace();
        far = namespace();
        wire(pod, "eth0", "10.1.0.2/24", node, "cni0", "10.1.0.1/24");
        wire(node, "wg0", "100.64.0.1/32", far, "wg0", "100.64.0.2/32");
        pod.run("ip route add default via 10.1.0.1");
        node.run("sysctl -qw net.ipv4.ip_forward=1");
        node.run("ip route add 100.64.0.2/32 dev wg0 src 100.64.0.1 mtu 1380");
        far.run("ip route add 100.64.0.1/32 dev wg0");
        far.run("ip route add 10.1.0.0/24 via 100.64.0.1 dev wg0 onlink");
        // As the CNI plugins do it: everything that leaves the pod range is masqueraded.
        node.run("iptables-nft -t nat -A POSTROUTING -s 10.1.0.0/24 ! -d 10.1.0.0/24 -j MASQUERADE");
        far.run("nft add table ip see");
        far.run("nft add chain ip see in { type filter hook input priority 0 ; }");
        far.run("nft add rule ip see in ip saddr 10.1.0.2 counter comment pod");
        far.run("nft add rule ip see in ip saddr 100.64.0.1 counter comment node");
        far.run("nft add rule ip see in tcp flags syn tcp option maxseg size 1340 counter comment clamped");
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

    @AfterEach
    void close() throws IOException {
        for (var namespace : namespaces) {
            namespace.close();
        }
    }

    @Test
    void withoutOurTableTheSourceIsLost() throws IOException {
        pod.run("busybox ping -c 1 -W 1 100.64.0.2");
        assertThat(seen("pod")).isZero();
        assertThat(seen("node")).isEqualTo(1);
    }

    @Test
    void podsKeepTheirSourceAndTheNodeKeepsItsTunnelAddress() throws IOException {
        new NftRuleset(HostCommand.in(node.name()), "wg0").install();
        pod.run("busybox ping -c 1 -W 1 100.64.0.2");
        assertThat(seen("pod")).isEqualTo(1);
        assertThat(seen("node")).isZero();
        node.run("busybox ping -c 1 -W 1 100.64.0.2");
        assertThat(seen("node")).isEqualTo(1);
    }

    @Test
    void segmentsAreMadeToFitTheTunnelBothWays() throws IOException {
        new NftRuleset(HostCommand.in(node.name()), "wg0").install();
        // Nobody listens: the SYN is what counts, and it says 1380 - 40.
        assertThatThrownBy(() -> pod.run("busybox nc -w 1 100.64.0.2 9")).isInstanceOf(AssertionError.class);
        assertThat(seen("clamped")).isEqualTo(1);
        pod.run("nft add table ip see");
        pod.run("nft add chain ip see in { type filter hook input priority 0 ; }");
        pod.run("nft add rule ip see in tcp flags syn tcp option maxseg size 1340 counter comment clamped");
        far.run("ip route add 10.1.0.2/32 via 100.64.0.1 dev wg0 onlink");
        assertThatThrownBy(() -> far.run("busybox nc -w 1 10.1.0.2 9")).isInstanceOf(AssertionError.class);
        assertThat(counted(pod, "clamped")).isEqualTo(1);
    }

    private long seen(String comment) throws IOException {
        return counted(far, comment);
    }

    private static long counted(TestNamespace where, String comment) throws IOException {
        String line = where.run("nft list table ip see")
                .lines()
                .filter(text -> text.contains("\"" + comment + "\""))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll(".*packets (\\d+) .*", "$1"));
    }
}
