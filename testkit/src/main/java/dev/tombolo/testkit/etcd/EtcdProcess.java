package dev.tombolo.testkit.etcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.awaitility.Awaitility;

/** A real etcd on loopback, with its data in a temporary directory. */
public final class EtcdProcess implements AutoCloseable {
    private final Path directory;
    private final int clientPort = freePort();
    private final int peerPort = freePort();
    private final String scheme;
    private final List<String> tls;
    private Process process;

    /** @param tls etcd's own flags for TLS, empty for plain text */
    public EtcdProcess(List<String> tls) {
        this.tls = List.copyOf(tls);
        this.scheme = tls.isEmpty() ? "http" : "https";
        try {
            directory = Files.createTempDirectory("tombolo-etcd");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        start();
    }

    public static EtcdProcess plain() {
        return new EtcdProcess(List.of());
    }

    public String endpoint() {
        return scheme + "://127.0.0.1:" + clientPort;
    }

    public void start() {
        var command = new ArrayList<>(List.of(
                "etcd",
                "--data-dir",
                directory.resolve("data").toString(),
                "--listen-client-urls",
                endpoint(),
                "--advertise-client-urls",
                endpoint(),
                "--listen-peer-urls",
                "http://127.0.0.1:" + peerPort,
                "--initial-advertise-peer-urls",
                "http://127.0.0.1:" + peerPort,
                "--initial-cluster",
                "default=http://127.0.0.1:" + peerPort,
                "--logger",
                "zap"));
        command.addAll(tls);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException("etcd is not installed: make setup", failure);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(() -> Files.readString(directory.resolve("log")).contains("ready to serve client requests")
                        || Files.readString(directory.resolve("log")).contains("serving client"));
    }

    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Takes all data away from an etcd that was killed. */
    public void wipe() {
        remove(directory.resolve("data"));
    }

    @Override
    public void close() {
        kill();
        remove(directory);
    }

    private static void remove(Path tree) {
        try (var files = Files.walk(tree)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
