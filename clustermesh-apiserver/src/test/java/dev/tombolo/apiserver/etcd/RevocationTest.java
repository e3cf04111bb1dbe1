package dev.tombolo.apiserver.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.peer.MeshAuthority;
import dev.tombolo.certs.CertificateRequest;
import dev.tombolo.kvstore.auth.MeshUsers;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is expelled keeps nothing, on a real etcd and against etcd's own client. */
class RevocationTest {
    private static final ClusterName HONEST = new ClusterName("honest");
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static MeshEtcd etcd;
    private static EtcdStore admin;
    private static TlsMaterial honest;

    @BeforeAll
    static void start() throws Exception {
        etcd = new MeshEtcd(directory).prepareAndStart();
        admin = etcd.admin();
        honest = admit(process(), HONEST);
    }

    @AfterAll
    static void stop() {
        admin.close();
        etcd.close();
    }

    /** The authority as a process has it that has just started. */
    private static MeshAuthority process() throws IOException {
        return process(() -> etcd.clients().disconnect());
    }

    private static MeshAuthority process(MeshAuthority.OpenWatches watches) throws IOException {
        var material = etcd.certificates().ensure();
        return new MeshAuthority(material::authority, users(), admin, watches, Clock.systemUTC());
    }

    private static MeshUsers users() {
        return new MeshUsers(new EtcdUsers(admin), Rows.CLUSTER1.name());
    }

    private static TlsMaterial admit(MeshAuthority authority, ClusterName peer) throws IOException {
        var request = CertificateRequest.create(peer);
        authority.admit(peer);
        var issued = authority.issue(peer, request.pem(), Optional.empty());
        return new TlsMaterial(
                etcd.certificates().ensure().authority().certificatePem(),
                issued.pem(),
                request.privateKey().pem());
    }

    private static void put(String leaf) throws KvException {
        admin.commit(List.of(Write.put("cilium/state/nodes/v1/cluster1/" + leaf, Value.of("value-of-" + leaf))));
    }

    @Test
    void whomAnEarlierProcessLetInIsExpelledByTheNext() throws Exception {
        var gone = new ClusterName("gone");
        var tls = admit(process(), gone);
        try (var reader = etcd.other(tls)) {
            assertThat(reader.list("cilium/state/").values()).isNotNull();

            assertThat(process().expelAllBut(Set.of(HONEST))).containsExactly(gone);

            assertThatThrownBy(() -> reader.list("cilium/state/")).isInstanceOf(KvException.class);
        }
        assertThat(users().peers()).containsExactly(HONEST);
        assertThat(new EtcdUsers(admin).roles()).doesNotContain("peer-gone");
        assertThat(admin.get(MeshKeys.issuedCertificate(gone))).isEmpty();
        assertThat(admin.get(MeshKeys.issuedCertificate(HONEST))).isPresent();
        assertThat(process().expelAllBut(Set.of(HONEST))).isEmpty();
    }

    @Test
    void aConnectionThatFailedHalfWayIsCleanedUpToo() throws Exception {
        var half = new ClusterName("half");
        new EtcdUsers(admin).ensureRole("peer-half", List.of());
        assertThat(process().expelAllBut(Set.of(HONEST))).containsExactly(half);
        assertThat(users().peers()).containsExactly(HONEST);
    }

    @Test
    void aWatchThatAnExpelledPeerHasOpenDeliversNothingMore() throws Exception {
        var leaver = new ClusterName("leaver");
        var tls = admit(process(), leaver);
        var seenByLeaver = directory.resolve("leaver.out");
        var seenByHonest = directory.resolve("honest.out");
        var leaving = etcd.etcdctl(seenByLeaver, tls, "watch", "--prefix", "cilium/state/");
        var staying = etcd.etcdctl(seenByHonest, honest, "watch", "--prefix", "cilium/state/");
        try {
            awaitBoth(seenByLeaver, seenByHonest);

            process().expelAllBut(Set.of(HONEST));
            put("after");

            await().atMost(LONGEST).until(() -> Files.readString(seenByHonest).contains("value-of-after"));
            assertThat(leaving.onExit()
                            .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                            .join()
                            .exitValue())
                    .isNotZero();
            assertThat(seenByLeaver).content().contains("value-of-before").doesNotContain("value-of-after");
        } finally {
            leaving.destroyForcibly().onExit().join();
            staying.destroyForcibly().onExit().join();
        }
    }

    /** A watch has begun when it shows something; what is put before goes unseen. */
    private static void awaitBoth(Path... outputs) {
        var number = new int[1];
        await().atMost(LONGEST).until(() -> {
            put("before" + number[0]++);
            for (Path output : outputs) {
                if (!Files.readString(output).contains("value-of-before")) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void whatCouldNotBeFinishedIsTriedAgain() throws Exception {
        var stubborn = new ClusterName("stubborn");
        admit(process(), stubborn);
        var attempts = new ArrayList<String>();
        var authority = process(() -> {
            attempts.add("end");
            if (attempts.size() == 1) {
                throw new IOException("the kernel refuses");
            }
        });
        assertThatThrownBy(() -> authority.expelAllBut(Set.of(HONEST))).hasMessage("the kernel refuses");
        assertThat(new EtcdUsers(admin).users()).doesNotContain("remote-stubborn");

        assertThat(authority.expelAllBut(Set.of(HONEST))).containsExactly(stubborn);

        assertThat(attempts).hasSize(2);
        assertThat(users().peers()).containsExactly(HONEST);
        authority.expelAllBut(Set.of(HONEST));
        assertThat(attempts).hasSize(2);
    }
}
