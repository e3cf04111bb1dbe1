package dev.tombolo.benchmarks.propagation;

import dev.tombolo.certs.CertificateAuthority;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A cluster's real etcd on loopback, with its data on disk and mutual TLS by an authority of its own. */
final class EtcdServer implements StoreSource, AutoCloseable {
    private static final long LONGEST_START_NANOS = 15_000_000_000L;

    private final Path directory;
    private final CertificateAuthority authority;
    private final TlsMaterial client;
    private final String endpoint;
    private final Process process;

    private EtcdServer(ClusterName cluster) throws IOException {
        directory = Files.createTempDirectory("tombolo-bench-etcd");
        authority = CertificateAuthority.create(cluster, Clock.systemUTC());
        var admin = authority.issueAdmin(cluster);
        client = new TlsMaterial(
                authority.certificatePem(),
                admin.certificatePem(),
                admin.privateKey().pem());
        endpoint = "https://127.0.0.1:" + freePort();
        process = new ProcessBuilder(command("http://127.0.0.1:" + freePort()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        // A process that is told to end must not leave it behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    static EtcdServer start(ClusterName cluster) throws IOException {
        var server = new EtcdServer(cluster);
        long end = System.nanoTime() + LONGEST_START_NANOS;
        while (true) {
            try (var store = server.open()) {
                store.list("up");
                return server;
            } catch (KvException notYet) {
                if (!server.process.isAlive() || System.nanoTime() > end) {
                    server.close();
                    throw new IOException("etcd did not start", notYet);
                }
            }
        }
    }

    private List<String> command(String peer) throws IOException {
        var server = authority.issueServer(List.of());
        return List.of(
                "etcd",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + endpoint,
                "--advertise-client-urls=" + endpoint,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=default=" + peer,
                "--client-cert-auth=true",
                "--trusted-ca-file=" + file("ca.crt", authority.certificatePem()),
                "--cert-file=" + file("server.crt", server.certificatePem()),
                "--key-file=" + file("server.key", server.privateKey().pem()),
                "--quota-backend-bytes=4294967296",
                "--log-level=warn");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public KvStore open() throws KvException {
        return EtcdStore.open(new EtcdAddress(List.of(endpoint), Optional.empty(), Optional.of(() -> client)));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
