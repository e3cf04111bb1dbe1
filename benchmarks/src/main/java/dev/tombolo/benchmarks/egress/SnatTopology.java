package dev.tombolo.benchmarks.egress;

import dev.tombolo.benchmarks.shell.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A pod (10.1.0.2) on a node (192.0.2.2), a gateway (192.0.2.1, outside 203.0.113.1 and .7) with a pod of its own
 * (10.2.0.2), and a server outside (203.0.113.9) that has no way to pods: network namespaces of this process. A WireGuard
 * device in user space leads from the node to the gateway; whose packets go into it is not decided here. Both nodes track
 * connections, whoever translates.
 */
final class SnatTopology implements AutoCloseable {
    static final String POD = "10.1.0.2";
    static final String GATEWAY_POD = "10.2.0.2";
    static final String EGRESS = "203.0.113.7";
    static final String SERVER = "203.0.113.9";
    static final String POD_DEVICE = "pod0";
    static final String UPLINK = "up0";
    static final int CARRIER_MTU = 1_420;
    static final int CONNECT_PORT = 8_080;

    /** Of kube-proxy's rules what decides here: every node of a cluster tracks connections, whoever translates them. */
    private static final String CLUSTER_RULES = """
            table ip node {
              chain forward {
                type filter hook forward priority filter
                ct state invalid drop
              }
              chain services {
                type nat hook prerouting priority dstnat
              }
            }
            """;

    private static final String LISTEN_PORT = "51821";
    static final int IPERF_PORT = 5201;
    private static final long LONGEST_WAIT_NANOS = 10_000_000_000L;

    /** A network namespace. */
    enum Place {
        POD,
        NODE,
        GATEWAY,
        LOCAL_POD,
        SERVER
    }

    private final long process = ProcessHandle.current().pid();
    private final Path repository;
    private final List<Process> started = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    SnatTopology(Path repository) throws IOException {
        this.repository = repository;
        // A process that is told to end must not leave namespaces and processes behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        for (Place place : Place.values()) {
            Shell.run("ip", "netns", "add", namespace(place));
            run(place, "ip link set lo up");
        }
        link(Place.POD, "eth0", POD + "/24", Place.NODE, POD_DEVICE, "10.1.0.1/24");
        link(Place.LOCAL_POD, "eth0", GATEWAY_POD + "/24", Place.GATEWAY, POD_DEVICE, "10.2.0.1/24");
        link(Place.NODE, "under0", "192.0.2.2/24", Place.GATEWAY, "under0", "192.0.2.1/24");
        link(Place.GATEWAY, UPLINK, "203.0.113.1/24", Place.SERVER, "eth0", SERVER + "/24");
        run(Place.GATEWAY, "ip address add " + EGRESS + "/24 dev " + UPLINK);
        run(Place.POD, "ip route add default via 10.1.0.1");
        run(Place.LOCAL_POD, "ip route add default via 10.2.0.1");
        run(Place.NODE, "ip route add default via 192.0.2.1");
        for (Place node : List.of(Place.NODE, Place.GATEWAY)) {
            run(node, "sysctl -qw net.ipv4.ip_forward=1");
            Shell.run(CLUSTER_RULES, in(node, "nft", "-f", "-"));
        }
        carriers();
        serve();
    }

    private void link(Place one, String device, String address, Place other, String otherDevice, String otherAddress) {
        Shell.run(
                "ip",
                "-n",
                namespace(one),
                "link",
                "add",
                device,
                "type",
                "veth",
                "peer",
                "name",
                otherDevice,
                "netns",
                namespace(other));
        run(one, "ip address add " + address + " dev " + device);
        run(one, "ip link set " + device + " up");
        run(other, "ip address add " + otherAddress + " dev " + otherDevice);
        run(other, "ip link set " + otherDevice + " up");
    }

    private void carriers() throws IOException {
        carrier(Place.NODE);
        carrier(Place.GATEWAY);
        peer(Place.NODE, Place.GATEWAY, "endpoint 192.0.2.1:" + LISTEN_PORT + " allowed-ips 0.0.0.0/0");
        peer(Place.GATEWAY, Place.NODE, "endpoint 192.0.2.2:" + LISTEN_PORT + " allowed-ips 10.1.0.0/24");
    }

    private void carrier(Place place) throws IOException {
        String device = carrierOf(place);
        start(place, repository.resolve(".tools/bin/wireguard-go").toString(), "-f", device);
        await(() -> Files.exists(socket(place)));
        var key = Files.createTempFile("tombolo-bench", "key");
        try {
            Files.writeString(key, Shell.run("wg", "genkey"));
            Shell.run("wg", "set", device, "listen-port", LISTEN_PORT, "private-key", key.toString());
        } finally {
            Files.delete(key);
        }
        run(place, "ip link set " + device + " mtu " + CARRIER_MTU + " up");
    }

    private void peer(Place place, Place other, String rest) {
        String key = Shell.run("wg", "show", carrierOf(other), "public-key").strip();
        var words = new ArrayList<>(List.of("wg", "set", carrierOf(place), "peer", key));
        words.addAll(List.of(rest.split(" ")));
        Shell.run("", words);
    }

    private void serve() throws IOException {
        start(Place.SERVER, "iperf3", "-s", "-p", Integer.toString(IPERF_PORT));
        start(Place.SERVER, program("accept-server"), Integer.toString(CONNECT_PORT));
        for (int port : List.of(IPERF_PORT, CONNECT_PORT)) {
            await(() -> !run(Place.SERVER, "ss -ltnH sport = :" + port).isBlank());
        }
    }

    private void start(Place place, String... words) throws IOException {
        started.add(new ProcessBuilder(in(place, words))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + LONGEST_WAIT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("a process of the benchmark did not start");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    String program(String name) {
        return repository.resolve("benchmarks/target/programs").resolve(name).toString();
    }

    /** The device between node and gateway. */
    String carrierOf(Place place) {
        return (place == Place.NODE ? "bega" : "begb") + process;
    }

    private Path socket(Place place) {
        return Path.of("/var/run/wireguard", carrierOf(place) + ".sock");
    }

    private String namespace(Place place) {
        return "tblb" + process + place.name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    String path(Place place) {
        return Path.of("/run/netns", namespace(place)).toString();
    }

    int ifindex(Place place, String device) {
        return Integer.parseInt(
                run(place, "cat /sys/class/net/" + device + "/ifindex").strip());
    }

    List<String> in(Place place, String... words) {
        var command = new ArrayList<>(List.of("ip", "netns", "exec", namespace(place)));
        command.addAll(List.of(words));
        return command;
    }

    /** A command whose words are separated by blanks. */
    String run(Place place, String words) {
        return Shell.run("", in(place, words.split(" ")));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        started.forEach(process -> process.destroyForcibly().onExit().join());
        for (Place place : Place.values()) {
            Shell.attempt(List.of("ip", "netns", "del", namespace(place)));
        }
        Shell.attempt(List.of(
                "rm", "-f", socket(Place.NODE).toString(), socket(Place.GATEWAY).toString()));
    }
}
