package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client (203.0.113.9), a node that has a service (192.0.2.10), its backend (10.1.0.2), and no room in the node's conntrack.
 * How much there is nobody can set for one namespace: it is filled.
 */
class OutsideConntrackTest {
    /** Beyond that it would take long. */
    private static final int MOST = 1 << 19;

    private static final int BYTES = 10;
    private static final String ANSWER = "10.1.0.1 " + BYTES;

    @TempDir
    private Path directory;

    private interface Close {
        void run() throws IOException;
    }

    private final Deque<Close> closing = new ArrayDeque<>();
    private TestNamespace client;
    private TestNamespace node;
    private TestNamespace backend;

    @BeforeEach
    void wire() throws Exception {
        var outside = new OutsideObject(64);
        closing.push(outside::close);
        outside.service("192.0.2.10:" + EgressPeer.PORT, Protocol.TCP, Reach.OUTSIDE, "10.1.0.2:" + EgressPeer.PORT);
        client = namespace();
        node = namespace();
        backend = namespace();
        plug(client, "203.0.113.9", "up0", "203.0.113.1");
        plug(backend, "10.1.0.2", "pod0", "10.1.0.1");
        node.run("sysctl -qw net.ipv4.ip_forward=1");
        node.run("nft add table ip t");
        node.run("nft add chain ip t t { type nat hook postrouting priority 100 ; }");
        node.run("nft add rule ip t t meta mark & 0x2000 == 0x2000 masquerade");
        attach(outside.object, "lb_in", 46);
        attach(outside.object, "lb_out", 47);
        start(backend, "serve").inputReader().readLine();
    }

    private TestNamespace namespace() throws IOException {
        var namespace = TestNamespace.create();
        closing.push(namespace::close);
        return namespace;
    }

    private void plug(TestNamespace member, String address, String port, String router) throws IOException {
        node.run("ip link add name " + port + " type veth peer name eth0 netns " + member.name());
        node.run("ip address add " + router + "/24 dev " + port);
        node.run("ip link set " + port + " up");
        member.run("ip address add " + address + "/24 dev eth0");
        member.run("ip link set eth0 up");
        member.run("ip route add default via " + router);
    }

    private void attach(BpfObject object, String program, int side) throws IOException {
        int result = LibBpf.device(
                LibBpf.CLSACT, object.programFd(program), node.path().toString(), "up0", side, 0, 1);
        BpfException.check(result, "attaching " + program, "up0");
    }

    @AfterEach
    void close() throws IOException {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }

    /** What begins is dropped by the kernel, and goes on with its next attempt when there is room. */
    @Test
    void whatIsEstablishedGoesOnWhereConntrackIsFullOfOthers() throws Exception {
        var established = connect();
        assertThat(established.inputReader().readLine()).isEqualTo("connected");
        fill("SEEN_REPLY,ASSURED");
        var next = connect();
        Awaitility.await().until(() -> counted("drop") > 0);
        assertThat(goOn(established)).isEqualTo(ANSWER);
        node.run("conntrack -D -p udp");
        assertThat(next.inputReader().readLine()).isEqualTo("connected");
        assertThat(goOn(next)).isEqualTo(ANSWER);
    }

    /** As after a flood. */
    @Test
    void whatNobodyAnsweredMakesRoomInConntrack() throws Exception {
        var established = connect();
        assertThat(established.inputReader().readLine()).isEqualTo("connected");
        fill("UNSET");
        assertThat(connect().inputReader().readLine()).isEqualTo("connected");
        assertThat(counted("early_drop")).isPositive();
        assertThat(goOn(established)).isEqualTo(ANSWER);
    }

    private void fill(String status) throws Exception {
        int room = Integer.parseInt(
                node.run("cat /proc/sys/net/netfilter/nf_conntrack_max").strip());
        int there = Integer.parseInt(
                node.run("cat /proc/sys/net/netfilter/nf_conntrack_count").strip());
        assumeTrue(room <= MOST, "skipped: room for " + room + " connections in conntrack takes long to fill");
        var file = directory.resolve("connections");
        try (var out = Files.newBufferedWriter(file)) {
            for (int i = there; i < room; i++) {
                String source = "198.18.%d.%d".formatted(i >> 8 & 255, i & 255);
                int port = 1024 + (i >> 16);
                out.write("-A -t 600 -u %s -p udp -s %s -d 198.51.100.1 -r 198.51.100.1 -q %s"
                        .formatted(status, source, source));
                out.write(" --sport %d --dport 9 --reply-port-src 9 --reply-port-dst %d\n".formatted(port, port));
            }
        }
        node.run("conntrack -R " + file);
        assertThat(node.run("cat /proc/sys/net/netfilter/nf_conntrack_count").strip())
                .isEqualTo(Integer.toString(room));
    }

    /** A column of conntrack's statistics, of all CPUs. */
    private long counted(String column) throws IOException {
        var lines = node.run("cat /proc/net/stat/nf_conntrack").strip().lines().toList();
        int at = List.of(lines.getFirst().trim().split("\\s+")).indexOf(column);
        return lines.stream()
                .skip(1)
                .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[at], 16))
                .sum();
    }

    private Process connect() throws IOException {
        return start(client, "hold", "192.0.2.10", Integer.toString(EgressPeer.PORT), Integer.toString(BYTES));
    }

    private static String goOn(Process connection) throws IOException {
        connection.outputWriter().append('\n').flush();
        return connection.inputReader().readLine();
    }

    private Process start(TestNamespace namespace, String... words) throws IOException {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
        all.addAll(EgressTopology.java(words));
        var process = new ProcessBuilder(all)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        closing.push(() -> {
            process.destroy();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
        return process;
    }
}
