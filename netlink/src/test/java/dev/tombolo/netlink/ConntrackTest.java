package dev.tombolo.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel: a node that marks what it sends to port 9, translates what it sends to port 10, and a neighbour. */
class ConntrackTest {
    private static final int MARK = 0x1000;
    private static final int UDP = 17;
    private static final IpAddress NODE = IpAddress.parse("192.0.2.1");
    private static final IpAddress SECOND = IpAddress.parse("192.0.2.3");
    private static final IpAddress WORLD = IpAddress.parse("192.0.2.2");
    private static final IpAddress NODE_V6 = IpAddress.parse("2001:db8::1");
    private static final IpAddress WORLD_V6 = IpAddress.parse("2001:db8::2");

    private TestNamespace node;
    private TestNamespace world;
    private Conntrack conntrack;

    @BeforeEach
    void connect() throws IOException {
        node = TestNamespace.create();
        world = TestNamespace.create();
        node.run("ip link add out0 type veth peer name in0 netns " + world.name());
        address(node, "out0", "192.0.2.1/24", "192.0.2.3/24", "2001:db8::1/64");
        address(world, "in0", "192.0.2.2/24", "2001:db8::2/64");
        await().untilAsserted(() -> node.run("busybox ping -6 -c 1 -W 1 2001:db8::2"));
        node.run("nft add table inet see");
        node.run("nft add chain inet see marks { type filter hook output priority 0 ; }");
        node.run("nft add rule inet see marks udp dport 9 ct mark set 0x81001234");
        node.run("nft add rule inet see marks icmp type echo-request ct mark set 0x1000");
        node.run("nft add rule inet see marks icmpv6 type echo-request ct mark set 0x1000");
        node.run("nft add rule inet see marks tcp dport 9 ct mark set 0x1000");
        node.run("nft add chain inet see sources { type nat hook postrouting priority 100 ; }");
        node.run("nft add rule inet see sources udp dport 10 snat ip to 192.0.2.3");
        conntrack = Conntrack.openIn(node.path());
    }

    private static void address(TestNamespace where, String device, String... addresses) throws IOException {
        for (String address : addresses) {
            where.run("ip addr add " + address + " dev " + device + (address.contains("::") ? " nodad" : ""));
        }
        where.run("ip link set " + device + " up");
    }

    @AfterEach
    void close() throws IOException {
        if (conntrack != null) {
            conntrack.close();
        }
        node.close();
        world.close();
    }

    private List<TrackedConnection> tracked(int markBits) throws IOException {
        var found = new ArrayList<TrackedConnection>();
        conntrack.visit(markBits, found::add);
        return found;
    }

    private void send(int fromPort, String to, int port) throws IOException {
        boolean v4 = !to.contains(":");
        node.run(
                "perl -MSocket=:all -e socket(S,%1$s,SOCK_DGRAM,0);bind(S,%2$s(%3$d,%4$s));send(S,'x',0,%2$s(%5$d,inet_pton(%1$s,'%6$s')))"
                        .formatted(
                                v4 ? "AF_INET" : "AF_INET6",
                                v4 ? "pack_sockaddr_in" : "pack_sockaddr_in6",
                                fromPort,
                                v4 ? "INADDR_ANY" : "IN6ADDR_ANY",
                                port,
                                to));
    }

    @Test
    void showsWhatIsMarkedWithItsMarkAndWhatIsTranslated() throws IOException {
        send(4_000, "192.0.2.2", 9);
        send(4_001, "192.0.2.2", 10);
        send(4_002, "192.0.2.2", 11);
        assertThat(tracked(0x4))
                .extracting(TrackedConnection::source, TrackedConnection::mark, TrackedConnection::answered)
                .containsExactlyInAnyOrder(
                        tuple(new SocketEndpoint(NODE, 4_000), 0x81001234, NODE),
                        tuple(new SocketEndpoint(NODE, 4_001), 0, SECOND));
        assertThat(tracked(0x8))
                .extracting(TrackedConnection::destination, TrackedConnection::protocol)
                .containsExactly(tuple(new SocketEndpoint(WORLD, 10), UDP));
    }

    @Test
    void forgetsTheOneThatIsNamedAndNoOther() throws IOException {
        send(4_000, "192.0.2.2", 9);
        send(4_001, "192.0.2.2", 9);
        var first = of(4_000);
        assertThat(conntrack.delete(first)).isTrue();
        assertThat(tracked(MARK | 0x4)).singleElement().isEqualTo(of(4_001));
        assertThat(conntrack.delete(first)).as("gone already").isFalse();
    }

    private TrackedConnection of(int port) throws IOException {
        return tracked(MARK | 0x4).stream()
                .filter(connection -> connection.source().port() == port)
                .findFirst()
                .orElseThrow();
    }

    /** The kernel tells it by its id, which a new one of the same ends may have too where it got the same memory. */
    @Test
    void leavesWhatHasTakenThePlaceOfTheOneThatWasSeen() throws IOException {
        send(4_000, "192.0.2.2", 9);
        var now = of(4_000);
        var before = new TrackedConnection(
                now.source(), now.destination(), now.answered(), now.protocol(), now.mark(), now.id() + 1, now.tuple());
        assertThat(conntrack.delete(before)).isFalse();
        assertThat(of(4_000)).isEqualTo(now);
    }

    @Test
    void everyProtocolOfBothFamiliesIsSeenAndForgotten() throws IOException {
        send(4_000, "2001:db8::2", 9);
        node.run("busybox ping -c 1 -W 1 192.0.2.2");
        node.run("busybox ping -6 -c 1 -W 1 2001:db8::2");
        // A refusal would end it at once.
        world.run("nft add table ip silent");
        world.run("nft add chain ip silent in { type filter hook input priority 0 ; policy drop ; }");
        assertThatThrownBy(() -> node.run("busybox nc -w 1 192.0.2.2 9")).isInstanceOf(AssertionError.class);
        var found = tracked(MARK | 0x4);
        assertThat(found)
                .extracting(
                        TrackedConnection::protocol,
                        connection -> connection.destination().address())
                .containsExactlyInAnyOrder(
                        tuple(UDP, WORLD_V6),
                        tuple(1, WORLD),
                        tuple(58, WORLD_V6),
                        tuple(TrackedConnection.TCP, WORLD));
        assertThat(found).allMatch(connection -> connection.source().port() > 0);
        assertThat(found)
                .extracting(connection -> connection.source().address())
                .contains(NODE_V6);
        for (var connection : found) {
            assertThat(conntrack.delete(connection)).as("%s", connection).isTrue();
        }
        assertThat(tracked(MARK | 0x4)).isEmpty();
    }

    @Test
    void leavesOtherZonesToWhoMadeThem() throws IOException {
        node.run("nft add chain inet see zones { type filter hook output priority -300 ; }");
        node.run("nft add rule inet see zones udp sport 4000 ct zone set 7");
        send(4_000, "192.0.2.2", 9);
        send(4_001, "192.0.2.2", 9);
        assertThat(node.run("conntrack -L -p udp")).contains("sport=4000");
        assertThat(tracked(0x4))
                .extracting(connection -> connection.source().port())
                .containsExactly(4_001);
    }

    /** More than fit into one answer of the kernel. */
    @Test
    void aLongListIsRead() throws IOException {
        int many = 3_000;
        node.run("perl -MSocket -e for$p(1.." + many
                + "){socket(S,PF_INET,SOCK_DGRAM,0);bind(S,sockaddr_in(9999+$p,INADDR_ANY));"
                + "send(S,'x',0,sockaddr_in(9,inet_aton('192.0.2.2')));close(S)}");
        assertThat(tracked(0x4)).hasSize(many);
    }

    @Test
    void whatAVisitorThrowsEndsTheListing() throws IOException {
        send(4_000, "192.0.2.2", 9);
        assertThatThrownBy(() -> conntrack.visit(0x4, _ -> {
                    throw new IOException("no more");
                }))
                .hasMessage("no more");
    }
}
