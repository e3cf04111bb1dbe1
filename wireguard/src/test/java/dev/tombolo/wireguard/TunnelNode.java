package dev.tombolo.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.net.SocketEndpoint;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A node of a test: a namespace with an uplink, and the user-space tunnel as the image runs it. */
final class TunnelNode implements AutoCloseable {
    static final int PORT = 51_871;

    final String device;
    final PrivateKey key = PrivateKey.generate();
    final UserspaceWireGuard wireGuard;
    private final String namespace;
    private final String underlay;
    private Process process;

    private TunnelNode(String letter, String underlay) {
        long pid = ProcessHandle.current().pid();
        namespace = "wgt" + pid + letter;
        device = "wgt" + pid + letter;
        this.underlay = underlay;
        wireGuard = new UserspaceWireGuard(UserspaceWireGuard.SOCKETS, device);
    }

    /** Two nodes on one wire, 172.31.0.1 and 172.31.0.2, with the tunnel up and no peers. */
    static List<TunnelNode> pair() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: namespaces need root");
        Assumptions.assumeTrue(wireguardGo().isPresent(), "skipped: wireguard-go is neither on PATH nor in .tools/bin");
        var nodes = List.of(new TunnelNode("a", "172.31.0.1"), new TunnelNode("b", "172.31.0.2"));
        for (var node : nodes) {
            command("ip netns add " + node.namespace);
            node.run("ip link set lo up");
        }
        command("ip link add up0 netns " + nodes.get(0).namespace + " type veth peer name up0 netns "
                + nodes.get(1).namespace);
        for (int i = 0; i < 2; i++) {
            nodes.get(i).start(i + 1);
        }
        return nodes;
    }

    private void start(int number) throws IOException {
        run("ip addr add " + underlay + "/24 dev up0");
        run("ip link set up0 up");
        startProcess();
        run("ip addr add 100.64.0." + number + "/32 dev " + device);
        run("ip link set " + device + " mtu 1380 up");
    }

    void startProcess() throws IOException {
        var script = Path.of("src/main/sh/wireguard-userspace").toAbsolutePath();
        var builder = new ProcessBuilder("ip", "netns", "exec", namespace, script.toString());
        builder.environment().put("TOMBOLO_TUNNEL_DEVICE", device);
        builder.environment()
                .merge("PATH", wireguardGo().orElseThrow().getParent().toString(), (path, own) -> own + ":" + path);
        process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        await().atMost(Duration.ofSeconds(10)).until(() -> wireGuard.read().isPresent());
    }

    /** As kill -9 does. */
    void killProcess() {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).until(() -> !process.isAlive());
    }

    SocketEndpoint endpoint() {
        return SocketEndpoint.parse(underlay + ":" + PORT);
    }

    boolean pings(String address) {
        try {
            run("busybox ping -c 1 -W 1 " + address);
            return true;
        } catch (AssertionError | IOException lost) {
            return false;
        }
    }

    String run(String words) throws IOException {
        return command("ip netns exec " + namespace + " " + words);
    }

    private static String command(String words) throws IOException {
        var process =
                new ProcessBuilder(words.split(" ")).redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s: %s", words, text).isZero();
            return text;
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Optional<Path> wireguardGo() {
        var directories = new ArrayList<String>(List.of("../.tools/bin"));
        directories.addAll(List.of(System.getenv("PATH").split(File.pathSeparator)));
        return directories.stream()
                .flatMap(directory -> Stream.of(
                        Path.of(directory, "wireguard-go").toAbsolutePath().normalize()))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            killProcess();
        }
        Files.deleteIfExists(UserspaceWireGuard.SOCKETS.resolve(device + ".sock"));
        command("ip netns del " + namespace);
    }
}
