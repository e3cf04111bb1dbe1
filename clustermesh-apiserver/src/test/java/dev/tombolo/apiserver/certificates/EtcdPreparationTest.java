package dev.tombolo.apiserver.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.etcd.MeshEtcd;
import dev.tombolo.apiserver.peer.MeshAuthority;
import dev.tombolo.certs.CertificateRequest;
import dev.tombolo.certs.PemFiles;
import dev.tombolo.kvstore.auth.MeshUsers;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                new MeshEtcd.MapSecrets(secrets),
                new PemFiles(directory.resolve("tls")),
                Clock.systemUTC());
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
        try (var etcd = new MeshEtcd(directory).prepareAndStart();
                var admin = etcd.admin()) {
            var material = etcd.certificates().ensure();
            var users = new MeshUsers(new EtcdUsers(admin), Rows.CLUSTER1.name());
            var authority = new MeshAuthority(material::authority, users, admin, () -> {}, Clock.systemUTC());
            var request = CertificateRequest.create(PEER);
            authority.admit(PEER);
            var issued = authority.issue(PEER, request.pem(), Optional.empty());
            assertThat(authority.issue(PEER, request.pem(), Optional.of(issued.pem())))
                    .isEqualTo(issued);
            admin.commit(List.of(Write.put("cilium/state/nodes/v1/cluster1/n", Value.of("{}"))));
            var tls = new TlsMaterial(
                    material.authority().certificatePem(),
                    issued.pem(),
                    request.privateKey().pem());
            try (var reader = etcd.other(tls)) {
                assertThat(reader.list("cilium/state/").values()).hasSize(1);
                assertThat(reader.get("tombolo/peer/cluster2/certificate")).contains(Value.of(issued.pem()));
                assertThatThrownBy(() -> reader.list("cilium/cache/")).isInstanceOf(KvException.class);
                assertThatThrownBy(() -> reader.commit(List.of(Write.put("cilium/state/x", Value.of("x")))))
                        .isInstanceOf(KvException.class);
            }
        }
    }
}
