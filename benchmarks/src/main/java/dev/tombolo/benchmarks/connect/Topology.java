package dev.tombolo.benchmarks.connect;

import dev.tombolo.benchmarks.shell.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** client (a pod) — node — backends, as three network namespaces of this process; connection tracking is on in the node. */
public final class Topology implements AutoCloseable {
    /** The node's device to the client. */
    public static final String CLIENTS = "client";

    public static final String SERVICE_BASE = "10.96.0.1";
    public static final int SERVICE_PORT = 80;
    public static final int BACKEND_PORT = 8080;
    public static final List<String> BACKENDS = List.of("198.51.100.10", "198.51.100.11");

    private final String prefix;
    private Process server;

    /** Which of the three namespaces. */
    public enum Route {
        CLIENT,
        NODE,
        BACKEND
    }

    public Topology(String mode, String acceptServer) throws IOException {
        prefix = "tblb" + ProcessHandle.current().pid() + mode;
        for (Route place : Route.values()) {
            Shell.run("ip", "netns", "add", name(place));
            inside(place, "ip", "link", "set", "lo", "up");
        }
        link(Route.CLIENT, "10.1.0.2/24", "10.1.0.1/24");
        link(Route.BACKEND, BACKENDS.get(0) + "/24", "198.51.100.1/24");
        inside(Route.BACKEND, "ip", "address", "add", BACKENDS.get(1) + "/24", "dev", "eth0");
        inside(Route.CLIENT, "ip", "route", "add", "default", "via", "10.1.0.1");
        inside(Route.BACKEND, "ip", "route", "add", "default", "via", "198.51.100.1");
        inside(Route.NODE, "sysctl", "-qw", "net.ipv4.ip_forward=1");
        Shell.run(
                "table inet track {\n chain forward {\n type filter hook forward priority filter; ct state new accept\n }\n}\n",
                command(Route.NODE, "nft", "-f", "-"));
        server = new ProcessBuilder(command(Route.BACKEND, acceptServer, Integer.toString(BACKEND_PORT))).start();
        if (server.getInputStream().read() < 0) {
            throw new IllegalStateException("the server of the benchmark did not start");
        }
    }

    /** From then on the backends take streams, and no other connections. */
    void serveStreams() throws IOException {
        server.destroyForcibly().onExit().join();
        server = new ProcessBuilder(
                        command(Route.BACKEND, "iperf3", "-s", "--forceflush", "-p", Integer.toString(BACKEND_PORT)))
                .start();
        // The first of its lines comes when it listens.
        if (server.getInputStream().read() < 0) {
            throw new IllegalStateException("iperf3 did not start");
        }
    }

    private void link(Route end, String endAddress, String nodeAddress) {
        String nodeDevice = end.name().toLowerCase(java.util.Locale.ROOT);
        Shell.run(
                "ip",
                "-n",
                name(end),
                "link",
                "add",
                "eth0",
                "type",
                "veth",
                "peer",
                "name",
                nodeDevice,
                "netns",
                name(Route.NODE));
        inside(end, "ip", "address", "add", endAddress, "dev", "eth0");
        inside(end, "ip", "link", "set", "eth0", "up");
        inside(Route.NODE, "ip", "address", "add", nodeAddress, "dev", nodeDevice);
        inside(Route.NODE, "ip", "link", "set", nodeDevice, "up");
    }

    public List<String> in(Route place) {
        return List.of("ip", "netns", "exec", name(place));
    }

    public List<String> command(Route place, String... words) {
        var command = new ArrayList<>(in(place));
        command.addAll(List.of(words));
        return command;
    }

    /** Runs a command there, and returns what it printed. */
    public String inside(Route place, String... words) {
        return Shell.run("", command(place, words));
    }

    public String path(Route place) {
        return Path.of("/run/netns", name(place)).toString();
    }

    private String name(Route place) {
        return prefix + place.name().charAt(0);
    }

    @Override
    public void close() {
        server.destroyForcibly();
        for (Route place : Route.values()) {
            Shell.run("ip", "netns", "del", name(place));
        }
    }
}
