package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.bpf.outside.BackendPlaceKey;
import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A client (203.0.113.9), a node (203.0.113.1) that packets for 192.0.2.10 come to, and the node of the backend
 * (203.0.113.2), which has that address and answers; all on one network.
 */
@Timeout(120)
class OutsideShortcutPathTest {
    private static final String SERVICE = "192.0.2.10";
    private static final String ADDRESS = SERVICE + ":" + EgressPeer.PORT;
    private static final String BACKEND = "10.1.2.2:" + EgressPeer.PORT;

    private interface Close {
        void run() throws IOException;
    }

    private final Deque<Close> closing = new ArrayDeque<>();
    private TestNamespace middle;
    private TestNamespace client;
    private TestNamespace node;
    private TestNamespace other;
    private DatapathOptions options;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        middle = namespace();
        client = namespace();
        node = namespace();
        other = namespace();
        middle.run("ip link add br0 type bridge");
        middle.run("ip link set br0 up");
        plug(client, "c", "203.0.113.9/24");
        plug(node, "n", "203.0.113.1/24");
        plug(other, "o", "203.0.113.2/24");
        client.run("ip route add 192.0.2.10 via 203.0.113.1");
        other.run("ip address add 192.0.2.10/32 dev lo");
        node.run("sysctl -qw net.ipv4.ip_forward=1");
        var bpffs = Files.createTempDirectory("tombolo-bpffs");
        closing.push(() -> {
            PinnedPrograms.removeAll(bpffs);
            TestNamespace.command(List.of("umount", bpffs.toString()));
            Files.deleteIfExists(bpffs);
        });
        options = new DatapathOptions(bpffs, bpffs, Map.of());
        serve();
    }

    private TestNamespace namespace() throws IOException {
        var namespace = TestNamespace.create();
        closing.push(namespace::close);
        return namespace;
    }

    private void plug(TestNamespace member, String port, String address) throws IOException {
        middle.run("ip link add name " + port + " type veth peer name up0 netns " + member.name());
        middle.run("ip link set dev " + port + " master br0 up");
        member.run("ip address add " + address + " dev up0");
        member.run("ip link set dev up0 up");
    }

    private void serve() throws IOException {
        var process = new ProcessBuilder(java(other, "serve"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        closing.push(() -> {
            process.destroy();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
        // The first line says that it listens.
        process.inputReader().readLine();
    }

    private static List<String> java(TestNamespace namespace, String... words) {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
        all.addAll(EgressTopology.java(words));
        return all;
    }

    @AfterEach
    void leaveNothing() throws IOException {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }

    /** As an agent does when it starts, and ends. */
    private void turn(XdpMode mode) throws IOException {
        try (var services = Datapath.open(options);
                var outside = OutsideDatapath.open(options)) {
            var clients = Clients.of(Reach.OUTSIDE).direct(true);
            services.services()
                    .put(
                            OutsideObject.key(ADDRESS, Protocol.TCP),
                            new ServiceEntry(List.of(OutsideObject.backend(BACKEND)), true, clients));
            int device =
                    Integer.parseInt(node.run("cat /sys/class/net/up0/ifindex").strip());
            outside.places()
                    .put(
                            new BackendPlaceKey(IpAddress.parse("10.1.2.2")),
                            BackendPlace.beside(IpAddress.parse("203.0.113.2"), device));
            outside.attachUplink("up0", node.path().toString());
            outside.shorten("up0", node.path().toString(), mode);
        }
    }

    @Test
    void whatIsKnownTurnsRoundBeforeTheStackAlsoWithoutAnAgent() throws Exception {
        turn(XdpMode.GENERIC);
        assertThat(ask(100_000)).isEqualTo("203.0.113.9 100000");
        assertThat(counted("HOOK_LB_IN")).as("what the stack had to find out").isBetween(1L, 100L);
        long before = counted("HOOK_LB_XDP");
        assertThat(before).isPositive();
        turn(XdpMode.GENERIC);
        assertThat(ask(100_000)).isEqualTo("203.0.113.9 100000");
        assertThat(counted("HOOK_LB_XDP")).isGreaterThan(before);
    }

    @Test
    void aDeviceHasItInOneModeAndThenNone() throws Exception {
        turn(XdpMode.GENERIC);
        assertThat(link("up0")).contains("xdpgeneric");
        turn(XdpMode.NATIVE);
        assertThat(link("up0")).contains(" xdp ").doesNotContain("xdpgeneric");
        try (var outside = OutsideDatapath.open(options)) {
            assertThat(outside.shortened(List.of("up0"))).containsExactly("up0");
            outside.lengthen("up0");
            assertThat(outside.shortened(List.of("up0"))).isEmpty();
        }
        assertThat(link("up0")).doesNotContain("xdp");
        assertThat(ask(10)).isEqualTo("203.0.113.9 11");
    }

    /** A node that leaves the mesh keeps nothing. */
    @Test
    void nothingIsLeftWhereEverythingIsRemoved() throws Exception {
        turn(XdpMode.GENERIC);
        PinnedPrograms.removeAll(options.bpffs());
        Awaitility.await().until(() -> !link("up0").contains("xdp"));
    }

    @Test
    void aDeviceThatWasMadeAnewGetsItAgain() throws Exception {
        turn(XdpMode.GENERIC);
        node.run("ip link del up0");
        plug(node, "n", "203.0.113.1/24");
        turn(XdpMode.GENERIC);
        assertThat(link("up0")).contains("xdpgeneric");
        assertThat(ask(10)).isEqualTo("203.0.113.9 11");
    }

    @Test
    void theProgramOfSomebodyElseStays() throws Exception {
        node.run("ip link add spare type veth peer name other");
        try (var outside = OutsideDatapath.open(options)) {
            outside.shorten("spare", node.path().toString(), XdpMode.GENERIC);
        }
        var program = options.bpffs().resolve("tombolo/v1/progs/lb_xdp");
        node.run("ip link set dev up0 xdpgeneric pinned " + program);
        String theirs = link("up0");
        for (var mode : XdpMode.values()) {
            assertThatThrownBy(() -> turn(mode)).hasMessageContaining("a program of XDP that is not ours is there");
        }
        assertThat(link("up0")).isEqualTo(theirs);
        assertThat(ask(10)).isEqualTo("203.0.113.9 11");
    }

    /** As devices of VLANs have it; a pin must not. */
    @Test
    void aDeviceWithADotInItsNameIsKnownAgain() throws Exception {
        node.run("ip link add up.7 type veth peer name other");
        try (var outside = OutsideDatapath.open(options)) {
            outside.shorten("up.7", node.path().toString(), XdpMode.GENERIC);
            assertThat(outside.shortened(List.of("up0", "up.7"))).containsExactly("up.7");
            assertThat(outside.shortened(List.of())).containsExactly("up_7");
            outside.lengthen("up_7");
            assertThat(outside.shortened(List.of("up.7"))).isEmpty();
        }
        assertThat(link("up.7")).doesNotContain("xdp");
    }

    @Test
    void aDriverThatRunsNoneIsToldOf() throws Exception {
        node.run("ip link add br1 type bridge");
        try (var outside = OutsideDatapath.open(options)) {
            assertThatThrownBy(() -> outside.shorten("br1", node.path().toString(), XdpMode.NATIVE))
                    .hasMessage("attaching lb_xdp of device br1 refused: EOPNOTSUPP, not supported there (its driver"
                            + " runs no programs of XDP)");
            assertThat(outside.shortened(List.of("up0"))).isEmpty();
        }
    }

    private String ask(int bytes) throws IOException {
        return TestNamespace.command(
                java(client, "tcp", SERVICE, Integer.toString(EgressPeer.PORT), Integer.toString(bytes)));
    }

    private String link(String device) throws IOException {
        return node.run("ip -details link show dev " + device);
    }

    private long counted(String hook) throws IOException {
        try (var services = Datapath.open(options)) {
            return services.counters().byReason().stream()
                    .filter(counter ->
                            counter.hook().equals(hook) && counter.reason().equals("FORWARDED"))
                    .mapToLong(Counters.Counter::packets)
                    .sum();
        }
    }
}
