package dev.tombolo.testkit.netns;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** The user-space tunnel as the image runs it, in the namespace of a test; its device outlives it, as on a node. */
public final class TunnelProcess implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final String namespace;
    private final String device = "wgt" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    private final Path socket = Path.of("/var/run/wireguard", device + ".sock");
    private Process process;

    private TunnelProcess(String namespace) {
        this.namespace = namespace;
    }

    /** To be asked before there is anything to clean up. */
    public static void assumeThere() {
        Assumptions.assumeTrue(
                TunnelScript.program().isPresent(), "skipped: wireguard-go is neither on PATH nor in .tools/bin");
    }

    public static TunnelProcess in(TestNamespace namespace) throws IOException {
        var tunnel = new TunnelProcess(namespace.name());
        tunnel.start();
        return tunnel;
    }

    public String device() {
        return device;
    }

    /** Returns when it answers. */
    public void start() throws IOException {
        process = TunnelScript.start("wireguard-userspace", namespace, Map.of("TOMBOLO_TUNNEL_DEVICE", device));
        await().atMost(LONGEST).pollInterval(Duration.ofMillis(10)).until(this::answers);
    }

    private boolean answers() {
        try (var _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** As kill -9 does. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
        kill();
        Files.deleteIfExists(socket);
    }
}
