package dev.tombolo.apiserver.etcd;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.certificates.EtcdPreparation;
import dev.tombolo.apiserver.certificates.MeshCertificates;
import dev.tombolo.certs.CertificateAuthority;
import dev.tombolo.certs.PemFiles;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.TlsMaterial;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/**
 * The etcd of cluster1 as the deployment runs it, on loopback: under mutual TLS, with certificates of ours. Its own
 * process comes to 127.0.0.1, everybody else to 127.0.0.2, so that the two can be told apart.
 */
public final class MeshEtcd implements AutoCloseable {
    public static final String OTHERS = "127.0.0.2";

    private final Path directory;
    private final int clientPort = freePort();
    private final int peerPort = freePort();
    private final Map<String, Map<String, byte[]>> secrets = new ConcurrentHashMap<>();
    private final MeshCertificates certificates;
    private Process process;

    /** Secrets in memory. */
    public record MapSecrets(Map<String, Map<String, byte[]>> data) implements MeshCertificates.SecretStore {
        @Override
        public Optional<Map<String, byte[]>> read(String name) {
            return Optional.ofNullable(data.get(name));
        }

        @Override
        public boolean createIfAbsent(String name, Map<String, byte[]> values) {
            return data.putIfAbsent(name, values) == null;
        }

        @Override
        public void put(String name, Map<String, byte[]> values) {
            data.put(name, values);
        }
    }

    public MeshEtcd(Path directory) {
        this(directory, CertificateAuthority.DEFAULT_VALIDITY);
    }

    public MeshEtcd(Path directory, Duration validity) {
        this.directory = directory;
        var files = new PemFiles(directory.resolve("tls"));
        certificates = new MeshCertificates(Rows.CLUSTER1.name(), secrets(), files, Clock.systemUTC(), validity);
    }

    public MapSecrets secrets() {
        return new MapSecrets(secrets);
    }

    public MeshCertificates certificates() {
        return certificates;
    }

    /** What the init container does, then what the etcd container does. */
    public MeshEtcd prepareAndStart() throws Exception {
        certificates.ensure();
        new EtcdPreparation(Rows.CLUSTER1.name(), directory.resolve("data"), clientPort, peerPort).run();
        return start();
    }

    public MeshEtcd start() throws Exception {
        String tls = directory.resolve("tls").toString();
        String urls = "https://127.0.0.1:" + clientPort + ",https://" + OTHERS + ":" + clientPort;
        process = new ProcessBuilder(
                        "etcd",
                        "--name=clustermesh-apiserver",
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + urls,
                        "--advertise-client-urls=https://127.0.0.1:" + clientPort,
                        "--listen-peer-urls=http://127.0.0.1:" + peerPort,
                        "--initial-advertise-peer-urls=http://127.0.0.1:" + peerPort,
                        "--initial-cluster=clustermesh-apiserver=http://127.0.0.1:" + peerPort,
                        "--client-cert-auth=true",
                        "--trusted-ca-file=" + tls + "/ca.crt",
                        "--cert-file=" + tls + "/server.crt",
                        "--key-file=" + tls + "/server.key",
                        "--enable-grpc-gateway=false",
                        "--logger=zap",
                        "--log-level=info")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("etcd.log").toFile())
                .start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(directory.resolve("etcd.log")).contains("serving client"));
        return this;
    }

    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Takes all data away from an etcd that was killed. */
    public void wipe() throws IOException {
        try (var files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    public int port() {
        return clientPort;
    }

    /** The address for the own process. */
    public EtcdAddress own(Supplier<MeshCertificates.Material> material) {
        return address(
                "127.0.0.1",
                () -> new TlsMaterial(
                        material.get().authority().certificatePem(),
                        material.get().admin().certificatePem(),
                        material.get().admin().privateKey().pem()));
    }

    public EtcdAddress address(String host, Supplier<TlsMaterial> tls) {
        return new EtcdAddress(
                List.of("https://" + host + ":" + clientPort),
                Optional.of("cluster1.mesh.cilium.io"),
                Optional.of(tls));
    }

    public EtcdStore admin() throws IOException {
        var material = certificates.ensure();
        return EtcdStore.open(own(() -> material));
    }

    public EtcdStore other(TlsMaterial tls) throws KvException {
        return EtcdStore.open(address(OTHERS, () -> tls));
    }

    /** Ends connections of others only. */
    public EtcdClients clients() {
        return new EtcdClients(
                clientPort,
                connection -> connection.local().address().toString().equals(OTHERS));
    }

    /** etcd's own client as somebody else: it is not ours, and does what etcd lets it do. */
    public Process etcdctl(Path output, TlsMaterial tls, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                "etcdctl",
                "--endpoints=https://" + OTHERS + ":" + clientPort,
                "--insecure-skip-tls-verify",
                "--cert=" + Files.writeString(Files.createTempFile(directory, "c", ".crt"), tls.certificate()),
                "--key=" + Files.writeString(Files.createTempFile(directory, "c", ".key"), tls.privateKey())));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("ETCDCTL_API", "3");
        return builder.start();
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
