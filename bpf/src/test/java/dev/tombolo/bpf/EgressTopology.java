package dev.tombolo.bpf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.egress.ProbeAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A pod (10.1.0.2) behind its node (203.0.113.2); a gateway (203.0.113.1) that has 203.0.113.7 too; a server outside
 * (203.0.113.9). The node forwards, the gateway does not. Each of the two has maps and programs of its own.
 */
final class EgressTopology implements AutoCloseable {
    static final int CARRIER_MTU = 1_420;
    private static final String PROBE = ProbeAddress.of(11).toString();
    private static final String SOURCE_CARRIER = "ega" + ProcessHandle.current().pid();
    private static final String GATEWAY_CARRIER =
            "egg" + ProcessHandle.current().pid();

    private interface Close {
        void run() throws IOException;
    }

    private final TestNamespace middle;
    private final Deque<Close> closing = new ArrayDeque<>();
    private final TestNamespace pod;
    private final TestNamespace node;
    private final TestNamespace gateway;
    private final TestNamespace server;
    private final Path keys;
    private final EgressDatapath nodePath;
    private final EgressDatapath gatewayPath;

    EgressTopology() throws Exception {
        try {
            middle = namespace();
            pod = namespace();
            node = namespace();
            gateway = namespace();
            server = namespace();
            keys = Files.createTempDirectory("tombolo-egress");
            closing.push(() -> PinDirectory.deleteTree(keys));
            wire();
            startCarriers();
            startServer();
            nodePath = open();
            gatewayPath = open();
        } catch (Exception | Error failure) {
            close();
            throw failure;
        }
    }

    private TestNamespace namespace() throws IOException {
        var namespace = TestNamespace.create();
        closing.push(namespace::close);
        return namespace;
    }

    private void wire() throws IOException {
        middle.run("ip link add br0 type bridge");
        middle.run("ip link set br0 up");
        plug(gateway, "g", "203.0.113.1/24");
        plug(node, "n", "203.0.113.2/24");
        plug(server, "s", "203.0.113.9/24");
        gateway.run("ip address add 203.0.113.7/24 dev up0");
        node.run("ip link add pod0 type veth peer name eth0 netns " + pod.name());
        node.run("ip address add 10.1.0.1/24 dev pod0");
        node.run("ip link set pod0 up");
        pod.run("ip address add 10.1.0.2/24 dev eth0");
        pod.run("ip link set eth0 up");
        pod.run("ip route add default via 10.1.0.1");
        node.run("sysctl -qw net.ipv4.ip_forward=1");
        gateway.run("sysctl -qw net.ipv4.ip_forward=0");
        gateway.run("nft add table ip f");
        gateway.run("nft add chain ip f f { type filter hook forward priority 0 ; policy drop ; }");
        server.run("nft add table ip f");
        server.run("nft add chain ip f in { type filter hook input priority 0 ; }");
        server.run("nft add rule ip f in ip saddr != 203.0.113.7 counter");
    }

    private void plug(TestNamespace member, String port, String address) throws IOException {
        middle.run("ip link add name " + port + " type veth peer name up0 netns " + member.name());
        middle.run("ip link set dev " + port + " master br0 up");
        member.run("ip address add " + address + " dev up0");
        member.run("ip link set dev up0 up");
    }

    private void startCarriers() throws Exception {
        startCarrier(node, SOURCE_CARRIER);
        startCarrier(gateway, GATEWAY_CARRIER);
        peer(SOURCE_CARRIER, GATEWAY_CARRIER, "endpoint 203.0.113.1:51821 allowed-ips 0.0.0.0/0");
        peer(GATEWAY_CARRIER, SOURCE_CARRIER, "endpoint 203.0.113.2:51821 allowed-ips 10.1.0.0/24,100.64.0.2/32");
        node.run("ip link set " + SOURCE_CARRIER + " mtu " + CARRIER_MTU + " up");
        gateway.run("ip link set " + GATEWAY_CARRIER + " mtu " + CARRIER_MTU + " up");
        node.run("ip address add 100.64.0.2/32 dev " + SOURCE_CARRIER);
        node.run("ip route add " + PROBE + " dev " + SOURCE_CARRIER + " src 100.64.0.2");
    }

    private void startCarrier(TestNamespace namespace, String device) throws Exception {
        var program = Stream.concat(
                        Stream.of("../.tools/bin"),
                        Stream.of(System.getenv("PATH").split(":")))
                .map(directory ->
                        Path.of(directory, "wireguard-go").toAbsolutePath().normalize())
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(program.isPresent(), "skipped: wireguard-go is neither on PATH nor in .tools/bin");
        start(namespace, program.get().toString(), "-f", device);
        var socket = Path.of("/var/run/wireguard", device + ".sock");
        closing.push(() -> Files.deleteIfExists(socket));
        Awaitility.await().until(() -> Files.exists(socket));
        String key = TestNamespace.command(List.of("wg", "genkey"));
        Files.writeString(keys.resolve(device), key);
        TestNamespace.command(List.of(
                "wg",
                "set",
                device,
                "listen-port",
                "51821",
                "private-key",
                keys.resolve(device).toString()));
    }

    private static void peer(String device, String other, String rest) throws IOException {
        String key = TestNamespace.command(List.of("wg", "show", other, "public-key"))
                .strip();
        var words = new ArrayList<>(List.of("wg", "set", device, "peer", key));
        words.addAll(List.of(rest.split(" ")));
        TestNamespace.command(words);
    }

    private void startServer() throws IOException {
        var words = new ArrayList<>(java("serve"));
        var process = start(server, words.toArray(String[]::new));
        // The first line says that it listens.
        process.inputReader().readLine();
    }

    private Process start(TestNamespace namespace, String... words) throws IOException {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
        all.addAll(List.of(words));
        var process = new ProcessBuilder(all)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        closing.push(() -> {
            process.destroy();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
        return process;
    }

    static List<String> java(String... words) {
        var all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EgressPeer.class.getName()));
        all.addAll(List.of(words));
        return all;
    }

    private EgressDatapath open() throws IOException {
        var bpffs = Files.createTempDirectory("tombolo-bpffs");
        closing.push(() -> {
            PinnedPrograms.removeAll(bpffs);
            TestNamespace.command(List.of("umount", bpffs.toString()));
            Files.deleteIfExists(bpffs);
        });
        var path = EgressDatapath.open(new DatapathOptions(bpffs, bpffs, Map.of("eg_nat", 1024, "eg_flow", 1024)));
        closing.push(path::close);
        return path;
    }

    void attach() throws IOException {
        String nodeNs = node.path().toString();
        String gatewayNs = gateway.path().toString();
        gatewayPath.attachUplink("up0", gatewayNs);
        gatewayPath.attachGatewayCarrier(GATEWAY_CARRIER, gatewayNs);
        nodePath.attachUplink("up0", nodeNs);
        nodePath.attachSourceCarrier(SOURCE_CARRIER, nodeNs);
        nodePath.attachPods("pod0", nodeNs);
    }

    EgressDatapath node() {
        return nodePath;
    }

    EgressDatapath gateway() {
        return gatewayPath;
    }

    int ifindexOfSourceCarrier() throws IOException {
        return ifindex(node, SOURCE_CARRIER);
    }

    int ifindexOfNodeUplink() throws IOException {
        return ifindex(node, "up0");
    }

    int ifindexOfGatewayUplink() throws IOException {
        return ifindex(gateway, "up0");
    }

    private static int ifindex(TestNamespace namespace, String device) throws IOException {
        return Integer.parseInt(
                namespace.run("cat /sys/class/net/" + device + "/ifindex").strip());
    }

    /** As a CNI does: what leaves the node has the node's address. */
    void masquerade() throws IOException {
        node.run("nft add table ip m");
        node.run("nft add chain ip m m { type nat hook postrouting priority 100 ; }");
        node.run("nft add rule ip m m oifname up0 ip saddr 10.1.0.0/24 masquerade");
    }

    /** As an agent does: what is on its way to a gateway keeps its source. */
    void keepSources() throws IOException {
        node.run("nft add table ip t");
        node.run("nft add chain ip t t { type nat hook postrouting priority 99 ; }");
        node.run("nft add rule ip t t meta mark & 0x1000 == 0x1000 snat to ip saddr");
    }

    /** As a network policy does: pods may open connections to one TCP port, by the uplink, and get what answers them. */
    void allowOnly(int port) throws IOException {
        node.run("sysctl -qw net.ipv4.conf.all.rp_filter=1");
        node.run("nft add table ip w");
        node.run("nft add chain ip w w { type filter hook forward priority 0 ; policy drop ; }");
        node.run("nft add rule ip w w ct state invalid counter drop");
        node.run("nft add rule ip w w iifname up0 oifname pod0 ct state established,related accept");
        node.run("nft add rule ip w w iifname pod0 oifname up0 tcp dport " + port + " accept");
    }

    /** Packets that conntrack could make nothing of, since {@link #allowOnly}. */
    int invalidAtNode() throws IOException {
        return counted(node.run("nft list chain ip w w"));
    }

    /** What the pod is told by the server, and how many bytes came back. */
    String client(String protocol, int port, int bytes) throws IOException {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", pod.name()));
        all.addAll(java(protocol, "203.0.113.9", Integer.toString(port), Integer.toString(bytes)));
        return TestNamespace.command(all);
    }

    /** A connection that is open; what it comes to is said when it is told to go on. */
    Process holdConnection(int bytes) throws IOException {
        var process = start(
                pod,
                java("hold", "203.0.113.9", Integer.toString(EgressPeer.PORT), Integer.toString(bytes))
                        .toArray(String[]::new));
        if (!"connected".equals(process.inputReader().readLine())) {
            throw new IOException("no connection to hold");
        }
        return process;
    }

    static String goOn(Process connection) throws IOException {
        connection.outputWriter().append('\n').flush();
        return connection.inputReader().readLine();
    }

    /** What ping says, also where nothing comes back. */
    String ping(String options) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("ip", "netns", "exec", pod.name(), "ping"));
        words.addAll(List.of(options.split(" ")));
        words.add("203.0.113.9");
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(20, TimeUnit.SECONDS);
        return said;
    }

    /** What the pod has learnt of the way to the server. */
    String pathOfPod() throws IOException {
        return pod.run("ip route get 203.0.113.9");
    }

    /** What the server has learnt of the way to the egress address. */
    String pathOfServer() throws IOException {
        return server.run("ip route get 203.0.113.7");
    }

    /** Whether the gateway is there, asked by the node as an agent does. */
    String probe() throws IOException {
        return node.run("ping -c 3 -i 0.2 -W 2 " + PROBE);
    }

    /** Another machine that announces the egress address whenever its own hardware address changes. */
    TestNamespace successor() throws IOException {
        var successor = namespace();
        successor.run("sysctl -qw net.ipv4.conf.all.arp_notify=1");
        plug(successor, "x", "203.0.113.7/24");
        return successor;
    }

    void forgetNeighboursAtServer() throws IOException {
        server.run("ip neigh flush dev up0");
    }

    /** Packets that reached the server from any address but the egress address. */
    int strangersAtServer() throws IOException {
        return counted(server.run("nft list chain ip f in"));
    }

    private static int counted(String rules) {
        return Integer.parseInt(rules.replaceFirst("(?s).*counter packets (\\d+) .*", "$1"));
    }

    @Override
    public void close() throws IOException {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
