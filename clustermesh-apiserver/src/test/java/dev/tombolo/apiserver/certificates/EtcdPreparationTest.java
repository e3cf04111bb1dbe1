package dev.tombolo.apiserver.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.peer.MeshAuthority;
import dev.tombolo.certs.CertificateRequest;
import dev.tombolo.certs.PemFiles;
import dev.tombolo.kvstore.auth.MeshUsers;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The init step and what it is for, on a real etcd. */
class EtcdPreparationTest {
    private static final ClusterName PEER = new ClusterName("cluster2");

    @TempDir
    Path directory;

    private final Map<String, Map<String, byte[]>> secrets = new HashMap<>();

    private MeshCertificates certificates() {
        return new MeshCertificates(
                Rows.CLUSTER1.name(),
                new MapSecrets(secrets),
                new PemFiles(directory.resolve("tls")),
                Clock.systemUTC());
    }

    private record MapSecrets(Map<String, Map<String, byte[]>> data) implements MeshCertificates.SecretStore {
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

    @Test
    void makesEverythingOnceAndPrivateKeysPrivate() throws IOException {
        certificates().ensure();
        var first = Map.copyOf(secrets);
        certificates().ensure();
        assertThat(secrets).isEqualTo(first);
        var key = directory.resolve("tls/server.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void aPeerReadsWhatItShouldAndWritesNothing() throws Exception {
        Assumptions.assumeTrue(hasEtcd(), "skipped: etcd is not on the PATH");
        var material = certificates().ensure();
        int client = freePort();
        int peer = freePort();
        new EtcdPreparation(Rows.CLUSTER1.name(), directory.resolve("data"), client, peer).run();
        Process etcd = serve(client, peer);
        try (var admin = open(
                client,
                new TlsMaterial(
                        material.authority().certificatePem(),
                        material.admin().certificatePem(),
                        material.admin().privateKey().pem()))) {
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> admin.get("x").isEmpty());
            var users = new MeshUsers(new EtcdUsers(admin), Rows.CLUSTER1.name());
            var authority = new MeshAuthority(material::authority, users, admin, Clock.systemUTC());
            var request = CertificateRequest.create(PEER);
            authority.admit(PEER);
            var issued = authority.issue(PEER, request.pem(), Optional.empty());
            assertThat(authority.issue(PEER, request.pem(), Optional.of(issued.pem())))
                    .isEqualTo(issued);
            admin.commit(List.of(Write.put("cilium/state/nodes/v1/cluster1/n", Value.of("{}"))));
            try (var reader = open(
                    client,
                    new TlsMaterial(
                            material.authority().certificatePem(),
                            issued.pem(),
                            request.privateKey().pem()))) {
                assertThat(reader.list("cilium/state/").values()).hasSize(1);
                assertThat(reader.get("tombolo/peer/cluster2/certificate")).contains(Value.of(issued.pem()));
                assertThatThrownBy(() -> reader.list("cilium/cache/")).isInstanceOf(KvException.class);
                assertThatThrownBy(() -> reader.commit(List.of(Write.put("cilium/state/x", Value.of("x")))))
                        .isInstanceOf(KvException.class);
                authority.expel(PEER);
                assertThatThrownBy(() -> reader.list("cilium/state/")).isInstanceOf(KvException.class);
            }
        } finally {
            etcd.destroy();
            etcd.waitFor();
        }
    }

    private static EtcdStore open(int port, TlsMaterial tls) throws KvException {
        return EtcdStore.open(new EtcdAddress(
                List.of("https://127.0.0.1:" + port), Optional.of("cluster1.mesh.cilium.io"), Optional.of(() -> tls)));
    }

    private Process serve(int client, int peer) throws IOException {
        String tls = directory.resolve("tls").toString();
        return new ProcessBuilder(
                        "etcd",
                        "--name=clustermesh-apiserver",
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=https://127.0.0.1:" + client,
                        "--advertise-client-urls=https://127.0.0.1:" + client,
                        "--listen-peer-urls=http://127.0.0.1:" + peer,
                        "--initial-advertise-peer-urls=http://127.0.0.1:" + peer,
                        "--initial-cluster=clustermesh-apiserver=http://127.0.0.1:" + peer,
                        "--client-cert-auth=true",
                        "--trusted-ca-file=" + tls + "/ca.crt",
                        "--cert-file=" + tls + "/server.crt",
                        "--key-file=" + tls + "/server.key",
                        "--log-level=error")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("etcd.log").toFile())
                .start();
    }

    private static boolean hasEtcd() throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v etcd").start().waitFor() == 0;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
