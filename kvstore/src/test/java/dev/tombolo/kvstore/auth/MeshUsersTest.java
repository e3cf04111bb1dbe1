package dev.tombolo.kvstore.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.Condition;
import dev.tombolo.kvstore.store.EtcdAddress;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.EtcdUsers;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvException.Kind;
import dev.tombolo.kvstore.store.OpenSslAuthority;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.WatchEvent;
import dev.tombolo.kvstore.store.WatchListener;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.testkit.etcd.EtcdProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd under mutual TLS, with a user for each certificate. */
class MeshUsersTest {
    private static final String SERVER = "clustermesh-apiserver.tombolo-system.svc";
    private static final ClusterName EAST = new ClusterName("east");
    private static final ClusterName WEST = new ClusterName("west");
    private static final Value ANY = Value.of("any");

    @TempDir
    static Path directory;

    private static OpenSslAuthority authority;
    private static EtcdProcess etcd;
    private static EtcdStore admin;
    private static MeshUsers users;

    @BeforeAll
    static void enforce() throws Exception {
        authority = new OpenSslAuthority(Files.createDirectory(directory.resolve("east")));
        etcd = new EtcdProcess(authority.etcdFlags());
        admin = open(authority.client("admin-east"));
        users = new MeshUsers(new EtcdUsers(admin), EAST);
        users.prepare();
        users.enforce();
        users.admit(WEST);
        admin.commit(List.of(
                Write.put(MeshKeys.HEARTBEAT, ANY),
                Write.put("cilium/state/nodes/v1/east/n1", ANY),
                Write.put("cilium/cache/nodes/v1/north/n1", ANY),
                Write.put(MeshKeys.clusterConfig(EAST), ANY),
                Write.put(MeshKeys.clusterConfig(new ClusterName("north")), ANY),
                Write.put("cilium/synced/east/cilium/state/nodes/v1", ANY),
                Write.put("cilium/synced/north/cilium/cache/nodes/v1", ANY),
                Write.put(MeshKeys.issuedCertificate(WEST), ANY),
                Write.put(MeshKeys.issuedCertificate(new ClusterName("north")), ANY)));
    }

    @AfterAll
    static void stop() {
        admin.close();
        etcd.close();
    }

    @Test
    void aPeerReadsWhatTheClusterSaysOfItself() throws Exception {
        try (var peer = open(authority.client("remote-west"))) {
            assertThat(peer.list(MeshKeys.HEARTBEAT).values()).hasSize(1);
            assertThat(peer.list("cilium/state/").values()).hasSize(1);
            assertThat(peer.list("cilium/synced/east/").values()).hasSize(1);
            assertThat(peer.get(MeshKeys.clusterConfig(EAST))).isPresent();
            assertThat(peer.get(MeshKeys.issuedCertificate(WEST))).isPresent();
        }
    }

    @Test
    void aPeerReadsNothingElseAndWritesNothing() throws Exception {
        try (var peer = open(authority.client("remote-west"))) {
            isForbidden(() -> peer.list("cilium/cache/"));
            isForbidden(() -> peer.list("cilium/"));
            isForbidden(() -> peer.list("cilium/synced/"));
            isForbidden(() -> peer.get(MeshKeys.clusterConfig(new ClusterName("north"))));
            isForbidden(() -> peer.get(MeshKeys.issuedCertificate(new ClusterName("north"))));
            isForbidden(() -> peer.commit(List.of(Write.put("cilium/state/nodes/v1/east/n2", ANY))));
            isForbidden(() -> peer.commit(List.of(Write.delete("cilium/state/nodes/v1/east/n1"))));
            isForbidden(() -> peer.create("cilium/state/nodes/v1/east/n2", ANY));
            isForbidden(() -> peer.deletePrefix("cilium/state/"));
            isForbidden(() -> new EtcdUsers(peer).ensureRole("more", List.of()));
        }
        assertThat(admin.list("cilium/state/").values().keySet()).containsExactly("cilium/state/nodes/v1/east/n1");
    }

    @Test
    void aPeerReadsOnlyTheMessagesAboutEgressThatAreForIt() throws Exception {
        var north = new ClusterName("north");
        admin.commit(List.of(
                Write.put(EgressMessageKeys.to(EAST, WEST) + "pods/10.1.0.7", ANY),
                Write.put(EgressMessageKeys.to(EAST, north) + "pods/10.1.0.8", ANY),
                Write.put(EgressMessageKeys.cache(north) + "pods/10.3.0.8", ANY)));
        try (var peer = open(authority.client("remote-west"));
                var local = open(authority.client("local-east"))) {
            assertThat(peer.list(EgressMessageKeys.to(EAST, WEST)).values()).hasSize(1);
            isForbidden(() -> peer.list(EgressMessageKeys.to(EAST, north)));
            isForbidden(() -> peer.list(EgressMessageKeys.of(EAST)));
            isForbidden(() -> peer.list(EgressMessageKeys.CACHE));
            isForbidden(() -> peer.commit(List.of(Write.put(EgressMessageKeys.to(EAST, WEST) + "pods/10.1.0.9", ANY))));
            assertThat(local.list(EgressMessageKeys.CACHE).values()).hasSize(1);
            isForbidden(() -> local.list(EgressMessageKeys.of(EAST)));
        }
    }

    @Test
    void aPeersForbiddenWatchEndsWithTheReason() throws Exception {
        try (var peer = open(authority.client("remote-west"))) {
            var watch = new Endings();
            peer.watch("cilium/cache/", 1, watch);
            await().until(() -> !watch.endings.isEmpty());
            assertThat(watch.endings.peek().kind()).isEqualTo(Kind.PERMISSION);
        }
    }

    @Test
    void theClustersOwnAgentsReadTheCacheAndDoNotWriteIt() throws Exception {
        try (var local = open(authority.client("local-east"))) {
            assertThat(local.list("cilium/cache/").values()).hasSize(1);
            assertThat(local.list("cilium/synced/").values()).hasSize(2);
            isForbidden(() -> local.get(MeshKeys.issuedCertificate(WEST)));
            isForbidden(() -> local.commit(List.of(Write.put("cilium/cache/nodes/v1/north/n2", ANY))));
        }
    }

    @Test
    void theClustersOwnAgentsWriteWhoHoldsAnEgressAddressAndNobodyElseReadsIt() throws Exception {
        String vote = EgressKeys.vote("node1", "node2");
        try (var local = open(authority.client("local-east"));
                var peer = open(authority.client("remote-west"))) {
            long lease = local.grantLease(Duration.ofSeconds(60));
            local.commit(List.of(Write.put(vote, ANY, lease)));
            local.keepAlive(lease);
            assertThat(local.commitIf(
                            List.of(new Condition.Has(vote, ANY)), List.of(Write.put(EgressKeys.OWNERS + "a", ANY))))
                    .isTrue();
            isForbidden(() -> local.commit(List.of(Write.put("tombolo/egress/v2/a", ANY))));
            isForbidden(() -> local.commit(List.of(Write.put(MeshKeys.peerState(WEST), ANY))));
            isForbidden(() -> peer.list(EgressKeys.ALL));
            isForbidden(() -> peer.commit(List.of(Write.put(EgressKeys.OWNERS + "b", ANY))));
            local.commit(List.of(Write.delete(EgressKeys.OWNERS + "a")));
            local.revokeLease(lease);
        }
    }

    @Test
    void aCertificateWithoutAUserReadsNothing() throws Exception {
        try (var stranger = open(authority.client("remote-south"))) {
            assertThatThrownBy(() -> stranger.list("cilium/state/")).isInstanceOf(KvException.class);
        }
    }

    @Test
    void peersComeAndGoWhileOthersAreConnected() throws Exception {
        var south = new ClusterName("south2");
        users.admit(south);
        try (var peer = open(authority.client("remote-south2"))) {
            assertThat(peer.list("cilium/state/").values()).isNotEmpty();
            users.revoke(south);
            assertThatThrownBy(() -> peer.list("cilium/state/")).isInstanceOf(KvException.class);
        }
        users.revoke(south);
    }

    /** etcd asks for a watch's permission when it begins and never again: who revokes also has to cut connections. */
    @Test
    void aRevokedPeersOpenWatchLivesOnInEtcd() throws Exception {
        var leaver = new ClusterName("leaver");
        users.admit(leaver);
        try (var peer = open(authority.client("remote-leaver"))) {
            var watch = new Endings();
            peer.watch(MeshKeys.HEARTBEAT, peer.list(MeshKeys.HEARTBEAT).revision() + 1, watch);
            admin.commit(List.of(Write.put(MeshKeys.HEARTBEAT, ANY)));
            await().until(() -> watch.changes.get() == 1);
            users.revoke(leaver);
            admin.commit(List.of(Write.put(MeshKeys.HEARTBEAT, ANY)));
            await().until(() -> watch.changes.get() == 2);
            assertThatThrownBy(() -> peer.get(MeshKeys.HEARTBEAT)).isInstanceOf(KvException.class);
        }
    }

    @Test
    void namesEveryPeerThatHasAnythingLeft() throws Exception {
        var whole = new ClusterName("whole");
        var half = new ClusterName("half");
        users.admit(whole);
        new EtcdUsers(admin).ensureRole("peer-half", List.of());
        assertThat(users.peers()).contains(WEST, whole, half);
        users.revoke(whole);
        assertThat(users.peers()).contains(whole);
        users.forget(whole);
        users.forget(half);
        assertThat(users.peers()).doesNotContain(whole, half).contains(WEST);
        assertThat(new EtcdUsers(admin).roles()).doesNotContain("peer-whole", "peer-half");
    }

    /** An etcd that lost its data takes everything from whoever has a certificate of ours. */
    @Test
    void whatOthersMadeWhileNothingStoppedThemIsTakenAway() throws Exception {
        try (var wiped = new EtcdProcess(authority.etcdFlags());
                var own = open(wiped, authority.client("admin-east"));
                var peer = open(wiped, authority.client("remote-west"))) {
            var anew = new MeshUsers(new EtcdUsers(own), EAST);
            var theirs = new EtcdUsers(peer);
            theirs.addRole("root");
            theirs.addUser("root", "root");
            theirs.addUser("remote-west", "root");
            theirs.addUser("backdoor", "root");
            assertThat(anew.areEnforced()).isFalse();

            anew.makeAnew();

            assertThat(anew.areEnforced()).isTrue();
            assertThat(new EtcdUsers(own).users()).containsExactlyInAnyOrder("root", "admin-east", "local-east");
            assertThat(new EtcdUsers(own).roles()).containsExactlyInAnyOrder("root", "local", "remote");
            isForbidden(() -> peer.commit(List.of(Write.put("cilium/state/nodes/v1/east/n2", ANY))));
            anew.admit(WEST);
            assertThat(peer.list("cilium/state/").values()).isEmpty();
            isForbidden(() -> theirs.addUser("backdoor", "root"));
        }
    }

    @Test
    void whoDiedWhileMakingUsersMakesThemFromTheBeginning() throws Exception {
        try (var other = new EtcdProcess(authority.etcdFlags());
                var own = open(other, authority.client("admin-east"))) {
            var begun = new EtcdUsers(own);
            begun.addRole("root");
            begun.addUser("root", "root");
            begun.addUser("admin-east", "root");
            begun.addUser("backdoor", "root");
            begun.enable();
            var anew = new MeshUsers(begun, EAST);
            assertThat(anew.areEnforced()).isFalse();

            anew.makeAnew();

            assertThat(anew.areEnforced()).isTrue();
            assertThat(begun.users()).containsExactlyInAnyOrder("root", "admin-east", "local-east");
        }
    }

    @Test
    void anAuthenticationThatWasSwitchedOffIsSwitchedOnAgain() throws Exception {
        try (var other = new EtcdProcess(authority.etcdFlags());
                var own = open(other, authority.client("admin-east"));
                var stranger = open(other, authority.client("remote-nobody"))) {
            var anew = new MeshUsers(new EtcdUsers(own), EAST);
            anew.prepare();
            assertThat(stranger.get("a")).isEmpty();
            assertThat(anew.areEnforced()).isTrue();
            assertThatThrownBy(() -> stranger.get("a")).isInstanceOf(KvException.class);
        }
    }

    @Test
    void preparingTwiceChangesNothing() throws Exception {
        var before = new EtcdUsers(admin).users();
        users.prepare();
        users.enforce();
        users.admit(WEST);
        assertThat(new EtcdUsers(admin).users()).isEqualTo(before).contains("root", "admin-east", "local-east");
    }

    @Test
    void rootOfAForeignAuthorityIsNotEvenHeard() throws Exception {
        var foreign = new OpenSslAuthority(Files.createDirectory(directory.resolve("foreign")));
        var forged = foreign.client("root");
        var trustingUs = new TlsMaterial(authority.certificate(), forged.certificate(), forged.privateKey());
        try (var attacker = open(trustingUs)) {
            assertThatThrownBy(() -> attacker.get("a")).isInstanceOf(KvException.class);
        }
    }

    @Test
    void aServerOfAForeignAuthorityOrAnotherNameIsNotBelieved() throws Exception {
        var mine = authority.client("local-east");
        var foreign = new OpenSslAuthority(Files.createDirectory(directory.resolve("foreign2")));
        var trustingOthers = new TlsMaterial(foreign.certificate(), mine.certificate(), mine.privateKey());
        try (var store = open(trustingOthers)) {
            isOfKind(Kind.TLS, () -> store.get("a"));
            assertThatThrownBy(() -> store.get("a"))
                    .isInstanceOfSatisfying(
                            KvException.class,
                            failure -> assertThat(failure.detail()).isEqualTo(KvException.Detail.UNKNOWN_AUTHORITY));
        }
        var nameless = new EtcdAddress(List.of(etcd.endpoint()), Optional.empty(), Optional.of(() -> mine));
        try (var store = EtcdStore.open(nameless)) {
            isOfKind(Kind.TLS, () -> store.get(MeshKeys.HEARTBEAT));
        }
    }

    private static EtcdStore open(TlsMaterial material) throws KvException {
        return open(etcd, material);
    }

    private static EtcdStore open(EtcdProcess server, TlsMaterial material) throws KvException {
        return EtcdStore.open(
                new EtcdAddress(List.of(server.endpoint()), Optional.of(SERVER), Optional.of(() -> material)));
    }

    private static void isForbidden(ThrowingCallable call) {
        isOfKind(Kind.PERMISSION, call);
    }

    private static void isOfKind(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KvException.class,
                        failure -> assertThat(failure.kind())
                                .as(failure.getMessage())
                                .isEqualTo(kind));
    }

    private static final class Endings implements WatchListener {
        final BlockingQueue<KvException> endings = new LinkedBlockingQueue<>();

        final AtomicInteger changes = new AtomicInteger();

        @Override
        public void changed(List<WatchEvent> events) {
            changes.addAndGet(events.size());
        }

        @Override
        public void ended(KvException cause) {
            endings.add(cause);
        }
    }
}
