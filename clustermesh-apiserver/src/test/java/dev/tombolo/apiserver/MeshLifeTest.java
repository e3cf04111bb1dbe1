package dev.tombolo.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tombolo.apiserver.certificates.MeshCertificates;
import dev.tombolo.apiserver.config.MeshConfig;
import dev.tombolo.apiserver.derive.Passes;
import dev.tombolo.apiserver.egress.EgressTables;
import dev.tombolo.apiserver.etcd.MeshEtcd;
import dev.tombolo.apiserver.etcd.OwnEtcd;
import dev.tombolo.apiserver.mirror.EgressMirror;
import dev.tombolo.apiserver.mirror.PeerMirror;
import dev.tombolo.apiserver.mirror.PeerOffers;
import dev.tombolo.apiserver.mirror.PeerSources;
import dev.tombolo.apiserver.peer.PeerController;
import dev.tombolo.apiserver.publish.KubeTables;
import dev.tombolo.apiserver.publish.Publication;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.certs.CertificateAuthority;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.EtcdStore;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.TlsMaterial;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.WatchEvent;
import dev.tombolo.kvstore.store.WatchListener;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.model.service.ServedServices;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process over the lives of a real etcd. */
class MeshLifeTest {
    private static final Duration LONGEST = Duration.ofSeconds(40);
    private static final String IDENTITY = "cilium/state/identities/v1/id/65537";

    @TempDir
    Path directory;

    private final KubeTables tables = KubeTables.empty();
    private final EgressTables egress = EgressTables.start(tables, Rows.CLUSTER1.name(), () -> true);
    private final Publication publication = new Publication(tables, Rows.CLUSTER1, GlobalNamespaces.DEFAULT);
    private MeshEtcd etcd;
    private MeshCertificates.Material material;
    private OwnEtcd<MeshLife> own;
    private Passes passes;

    /** Nobody to tell. */
    private record Silent() implements PeerController.Reports {
        @Override
        public void status(String peer, MeshPeerObject.Status status) {}

        @Override
        public void refused(MeshPeerObject peer, String reason, String message) {}
    }

    @BeforeEach
    void start() throws Exception {
        etcd = new MeshEtcd(directory).prepareAndStart();
        material = etcd.certificates().ensure();
        fill();
        publication.start();
        own = own(Duration.ofMinutes(15));
        passes = passes();
    }

    private static MeshConfig config(Duration lease) {
        return new MeshConfig(
                Rows.CLUSTER1,
                lease,
                Duration.ofSeconds(1),
                GlobalNamespaces.DEFAULT,
                ServedServices.DEFAULT,
                Optional.empty(),
                "test");
    }

    private Passes passes() {
        return Passes.start("etcd", Duration.ofMillis(200), List.of(), (_, _) -> {}, own::pass);
    }

    private OwnEtcd<MeshLife> own(Duration lease) {
        var sources = new PeerSources(Rows.CLUSTER1.name(), material.remote(), etcd.secrets(), Clock.systemUTC());
        var around = new MeshLife.Around(
                config(lease),
                tables,
                publication,
                egress,
                List::of,
                () -> material,
                sources,
                new Silent(),
                etcd.clients(),
                (_, _) -> {},
                Clock.systemUTC());
        return new OwnEtcd<>(
                etcd.own(() -> material),
                Rows.CLUSTER1.name(),
                etcd.clients(),
                store -> MeshLife.start(around, store),
                Clock.systemUTC());
    }

    private void fill() {
        tables.namespaces().put("shop", new KubeNamespace("shop", Map.of(), Map.of()));
        tables.nodes().put("node1", Rows.node("node1", "172.30.1.11", "10.1.1.0/24", Map.of()));
        tables.identities()
                .put(
                        "65537",
                        new MeshIdentityObject(
                                65_537, Map.of("k8s:io.cilium.k8s.policy.cluster", "cluster1"), Optional.empty()));
        tables.services().put(Rows.service("web", "none").key(), Rows.service("web", "none"));
        tables.namespaces().markInitialized();
        tables.nodes().markInitialized();
        tables.identities().markInitialized();
        tables.services().markInitialized();
        tables.pods().markInitialized();
        tables.slices().markInitialized();
        tables.peers().markInitialized();
        egress.owners().markInitialized();
    }

    @AfterEach
    void stop() {
        passes.close();
        own.close();
        publication.close();
        egress.close();
        etcd.close();
    }

    private Map<String, Value> published(EtcdStore store) throws KvException {
        return store.list("cilium/state/").values();
    }

    private void awaitCanaries(EtcdStore store) {
        await().atMost(LONGEST)
                .ignoreExceptions()
                .until(() -> store.list("cilium/synced/cluster1/").values().size() == 6);
    }

    private EtcdStore wiped() throws Exception {
        etcd.kill();
        etcd.wipe();
        etcd.start();
        return etcd.admin();
    }

    @Test
    void anEtcdThatIsWipedUnderTheProcessGetsEverythingAgain() throws Exception {
        Map<String, Value> before;
        try (var store = etcd.admin()) {
            awaitCanaries(store);
            before = published(store);
        }
        assertThat(before).containsKeys(IDENTITY, "cilium/state/nodes/v1/cluster1/node1");
        for (int life = 0; life < 2; life++) {
            try (var store = wiped()) {
                awaitCanaries(store);
                assertThat(published(store)).isEqualTo(before);
                assertThat(order(store)).startsWith("state").doesNotContain("canary state");
            }
            isClosedToStrangers();
        }
    }

    /** "state" and "canary" in the order of their revisions, repetitions left out. */
    private static String order(EtcdStore store) throws Exception {
        var seen = new CopyOnWriteArrayList<String>();
        try (var _ = store.watch("cilium/", 1, new WatchListener() {
            @Override
            public void changed(List<WatchEvent> events) {
                events.forEach(event -> seen.add(event.key()));
            }

            @Override
            public void ended(KvException cause) {
                seen.add(cause.getMessage());
            }
        })) {
            await().until(() -> seen.contains(MeshKeys.stateCanary(MeshKeys.Kind.NODES, Rows.CLUSTER1.name()))
                    && seen.contains(IDENTITY));
        }
        return seen.stream()
                .filter(key -> key.startsWith("cilium/state/nodes")
                        || key.startsWith("cilium/synced/cluster1/cilium/state/nodes"))
                .map(key -> key.startsWith("cilium/state/") ? "state" : "canary")
                .distinct()
                .collect(Collectors.joining(" "));
    }

    /** Neither a name that is nobody's, nor another authority's root, nor one without a certificate. */
    private void isClosedToStrangers() throws Exception {
        var nobody = material.authority().issueLocal(new ClusterName("nobody"));
        var foreign = CertificateAuthority.create(Rows.CLUSTER1.name(), Clock.systemUTC())
                .issueAdmin(Rows.CLUSTER1.name());
        for (var stranger : List.of(nobody, foreign)) {
            var tls = new TlsMaterial(
                    material.authority().certificatePem(),
                    stranger.certificatePem(),
                    stranger.privateKey().pem());
            try (var store = etcd.other(tls)) {
                assertThatThrownBy(() -> store.get(IDENTITY)).isInstanceOf(KvException.class);
                assertThatThrownBy(() -> store.commit(List.of(Write.put("cilium/state/x", Value.of("x")))))
                        .isInstanceOf(KvException.class);
            }
        }
    }

    @Test
    void whatSomebodyWroteIntoAnEmptyEtcdIsGoneBeforeAnythingIsPublished() throws Exception {
        try (var store = etcd.admin()) {
            awaitCanaries(store);
        }
        passes.close();
        etcd.kill();
        etcd.wipe();
        etcd.start();
        var forged = material.authority().issueLocal(new ClusterName("nobody"));
        var tls = new TlsMaterial(
                material.authority().certificatePem(),
                forged.certificatePem(),
                forged.privateKey().pem());
        try (var attacker = etcd.other(tls)) {
            attacker.commit(List.of(Write.put("cilium/state/nodes/v1/cluster1/forged", Value.of("{}"))));
        }
        passes = passes();
        try (var store = etcd.admin()) {
            awaitCanaries(store);
            assertThat(published(store)).doesNotContainKey("cilium/state/nodes/v1/cluster1/forged");
        }
    }

    @Test
    void anEtcdThatWasKilledAndKeptItsDataGoesOn() throws Exception {
        try (var store = etcd.admin()) {
            awaitCanaries(store);
            var life = own.life();
            var canary = store.get(MeshKeys.stateCanary(MeshKeys.Kind.NODES, Rows.CLUSTER1.name()));
            etcd.kill();
            etcd.start();
            tables.nodes().put("node2", Rows.node("node2", "172.30.1.12", "10.1.2.0/24", Map.of()));
            await().atMost(LONGEST)
                    .ignoreExceptions()
                    .until(() ->
                            store.get("cilium/state/nodes/v1/cluster1/node2").isPresent());
            assertThat(own.life()).isEqualTo(life);
            assertThat(store.get(MeshKeys.stateCanary(MeshKeys.Kind.NODES, Rows.CLUSTER1.name())))
                    .isEqualTo(canary);
        }
    }

    /** Real leases run out in a real etcd, in whatever order it likes; a peer's mirror reads it meanwhile. */
    @Test
    void aMeshServerThatIsDeadForLongerThanItsLeasesTakesNothingAway() throws Exception {
        var lease = Duration.ofSeconds(6);
        restart(lease);
        var declared = new PeerDeclaration(
                Rows.CLUSTER1.name(),
                Rows.CLUSTER1.id(),
                Rows.CLUSTER1.numbering(),
                List.of(Prefix.parse("10.1.0.0/16")),
                List.of(Prefix.parse("172.30.1.0/24")),
                List.of(),
                PeerQuotas.DEFAULT);
        var cache = new MemoryStore(Clock.systemUTC());
        var pace = FollowPace.heartbeatEvery(config(lease).beat());
        try (var store = etcd.admin();
                var announcements = new Announcements(cache, lease, Clock.systemUTC());
                var mirror = new PeerMirror(
                        new PeerRules(declared, List.of()),
                        new EgressMirror(
                                new ClusterName("cluster2"),
                                new PeerRules(declared, List.of()),
                                new EgressMirror.Around(
                                        cache,
                                        Duration.ofMinutes(15),
                                        announcements,
                                        pace,
                                        Clock.systemUTC(),
                                        new PeerOffers())),
                        cache,
                        Duration.ofMinutes(15),
                        announcements,
                        pace,
                        Clock.systemUTC(),
                        () -> {})) {
            announcements.complete();
            mirror.follow(() -> EtcdStore.open(etcd.own(() -> material)), declared, _ -> {});
            await().atMost(LONGEST).until(() -> mirror.report().state() instanceof SourceState.Fresh);
            await().until(() -> cache.list("cilium/cache/").values().size() == 3);
            var copied = cache.list("cilium/cache/").values();

            passes.close();
            own.close();
            await().atMost(LONGEST)
                    .until(() -> published(store).isEmpty()
                            && store.get(MeshKeys.HEARTBEAT).isEmpty());
            assertThat(mirror.report().state()).isInstanceOf(SourceState.Stale.class);
            assertThat(cache.list("cilium/cache/").values()).isEqualTo(copied);

            tables.nodes().remove("node1");
            restart(lease);
            await().atMost(LONGEST).until(() -> mirror.report().state() instanceof SourceState.Fresh);
            await().atMost(LONGEST)
                    .until(() -> cache.list("cilium/cache/").values().size() == 2);
        }
    }

    private void restart(Duration lease) {
        passes.close();
        own.close();
        own = own(lease);
        passes = passes();
    }

    @Test
    void nothingIsWrittenBeforeEtcdAnswers() throws IOException {
        passes.close();
        own.close();
        etcd.kill();
        assertThatThrownBy(own::pass).isInstanceOf(KvException.class);
        assertThat(own.life()).isEmpty();
    }
}
