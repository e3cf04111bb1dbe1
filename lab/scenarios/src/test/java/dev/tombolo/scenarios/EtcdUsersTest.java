package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.lab.machine.Commands;
import dev.tombolo.lab.programs.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what in a cluster's etcd, asked with stock etcdctl. */
@Tag(InMeshLab.ONLY_LOOKS)
@ExtendWith(InMeshLab.class)
class EtcdUsersTest {
    private static final String DENIED = "permission denied";

    @TempDir
    private Path directory;

    @Test
    void aPeerReadsWhatTheClusterSaysOfItselfAndNothingElse(MeshLab lab) {
        var peer = EtcdUser.remote(lab, 1, 2);
        assertThat(peer.keys("cilium/state/")).isNotEmpty();
        assertThat(peer.value("cilium/.heartbeat")).isNotEmpty();
        assertThat(peer.value("cilium/cluster-config/cluster2")).contains("\"id\":2");
        assertThat(peer.keys("cilium/synced/cluster2/")).isNotEmpty();
        assertThat(peer.value("tombolo/peer/cluster1/certificate")).contains("BEGIN CERTIFICATE");
        expectDenied(peer.attempt("get", "--prefix", "cilium/"));
        expectDenied(peer.attempt("get", "--prefix", "cilium/cache/"));
        expectDenied(peer.attempt("get", "cilium/cluster-config/cluster1"));
        expectDenied(peer.attempt("get", "--prefix", "cilium/synced/cluster1/"));
        expectDenied(peer.attempt("get", "--prefix", "tombolo/"));
        expectDenied(peer.attempt("get", "tombolo/peer/cluster9/certificate"));
    }

    @Test
    void aPeerChangesNothing(MeshLab lab) {
        var peer = EtcdUser.remote(lab, 1, 2);
        expectDenied(peer.attempt("put", "cilium/state/services/v1/cluster2/shop/echo", "{}"));
        expectDenied(peer.attempt("put", "tombolo/peer/cluster1/certificate", "mine"));
        expectDenied(peer.attempt("del", "cilium/.heartbeat"));
        expectDenied(peer.attempt("lease", "revoke", leaseOfHeartbeat(peer)));
        expectDenied(peer.attempt("user", "add", "mallory", "--new-user-password=x"));
        expectDenied(peer.attempt("user", "grant-role", "remote-cluster1", "root"));
        expectDenied(peer.attempt("role", "grant-permission", "remote", "readwrite", "--prefix", "cilium/"));
        expectDenied(peer.attempt("auth", "disable"));
        expectDenied(
                peer.attempt("snapshot", "save", directory.resolve("snapshot").toString()));
    }

    @Test
    void anAgentsCertificateReadsTheMirrorAndWritesOnlyWhatAgentsAgreeOn(MeshLab lab) {
        var agent = EtcdUser.local(lab, 1);
        assertThat(agent.keys("cilium/cache/services/v1/cluster2/")).isNotEmpty();
        assertThat(agent.keys("cilium/state/")).isNotEmpty();
        expectDenied(agent.attempt("put", "cilium/cache/services/v1/cluster2/shop/echo", "{}"));
        expectDenied(agent.attempt("get", "--prefix", "tombolo/peer/"));
        expectDenied(agent.attempt("put", "tombolo/egress/v2/x", "{}"));
        agent.run("put", "tombolo/egress/v1/scenario", "{}");
        assertThat(agent.keys("tombolo/egress/v1/")).contains("tombolo/egress/v1/scenario");
        agent.run("del", "tombolo/egress/v1/scenario");
        expectDenied(EtcdUser.remote(lab, 1, 2).attempt("get", "--prefix", "tombolo/egress/"));
        assertThat(EtcdUser.admin(lab, 1).keys("tombolo/peer/")).contains("tombolo/peer/cluster2/certificate");
    }

    @Test
    void whoIsNotCertifiedByThisClusterIsRefusedWhateverTheName(MeshLab lab) throws IOException {
        // One that is certified has its answer within the time that the others are given.
        assertThat(EtcdUser.admin(lab, 2).impatient().keys("cilium/state/")).isNotEmpty();
        expectNoEntry(EtcdUser.nobody(lab, 2).impatient().attempt("get", "--prefix", "cilium/"));
        for (String name : new String[] {"root", "admin-cluster2", "remote-cluster1"}) {
            expectNoEntry(certifiedByCluster1(lab, name).impatient().attempt("get", "--prefix", "cilium/state/"));
        }
    }

    private EtcdUser certifiedByCluster1(MeshLab lab, String name) throws IOException {
        Path authority = Files.writeString(directory.resolve("ca.crt"), lab.secret(1, "tombolo-ca", "ca.crt"));
        Path authorityKey = Files.writeString(directory.resolve("ca.key"), lab.secret(1, "tombolo-ca", "ca.key"));
        Path key = directory.resolve("key");
        Path certificate = directory.resolve("certificate");
        Commands.script("""
                openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=%s -keyout %s |
                openssl x509 -req -CA %s -CAkey %s -set_serial 7 -days 1 -out %s
                """.formatted(name, key, authority, authorityKey, certificate));
        return EtcdUser.with(lab, 2, Files.readString(certificate), Files.readString(key));
    }

    private static String leaseOfHeartbeat(EtcdUser peer) {
        long lease = MeshLab.json(peer.run("get", "cilium/.heartbeat", "-w", "json"))
                .at("/kvs/0/lease")
                .asLong();
        assertThat(lease).isNotZero();
        return Long.toHexString(lease);
    }

    private static void expectDenied(Outcome outcome) {
        assertThat(outcome.output()).contains(DENIED);
        assertThat(outcome.code()).isNotZero();
    }

    /** TLS ends before etcd is asked anything. */
    private static void expectNoEntry(Outcome outcome) {
        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.output())
                .containsAnyOf("bad certificate", "context deadline exceeded", "certificate required");
    }
}
