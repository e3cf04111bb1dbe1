package dev.tombolo.apiserver.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.apiserver.store.Announcements;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.MemoryStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.GlobalNamespaces;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PublicationTest {
    private static final Map<String, String> WEB = Map.of("app", "web", "pod-template-hash", "5c9");
    private final KubeTables kube = KubeTables.empty();

    private void initialize() {
        kube.nodes().markInitialized();
        kube.pods().markInitialized();
        kube.namespaces().markInitialized();
        kube.services().markInitialized();
        kube.slices().markInitialized();
        kube.identities().markInitialized();
    }

    private void shop() {
        kube.namespaces().put("shop", new KubeNamespace("shop", Map.of("team", "a"), Map.of()));
        kube.nodes().put("node1", Rows.node("node1", "172.30.1.11", "10.1.1.0/24", Map.of()));
    }

    private void identity(Publication publication, long id, ObjectKey pod) {
        await().until(() -> publication.podLabels().snapshot().get(pod).isPresent());
        var labels = publication.podLabels().snapshot().get(pod).get().values();
        kube.identities().put(Long.toString(id), new MeshIdentityObject(id, labels, Optional.empty()));
    }

    @Test
    void aPodIsPublishedOnceItHasAnIdentity() {
        shop();
        try (var publication = new Publication(kube, Rows.CLUSTER1, GlobalNamespaces.DEFAULT).start()) {
            kube.pods().put(new ObjectKey("shop", "a"), Rows.pod("a", "10.1.1.5", WEB));
            identity(publication, 65_536, new ObjectKey("shop", "a"));
            await().until(() -> publication.endpoints().snapshot().size() == 1);
            var endpoint = publication
                    .endpoints()
                    .snapshot()
                    .get(IpAddress.parse("10.1.1.5"))
                    .orElseThrow();
            assertThat(endpoint.identity().value()).isEqualTo(65_536);
            assertThat(endpoint.encryptionKey()).isEqualTo(255);
            assertThat(endpoint.hostAddress()).contains(IpAddress.parse("172.30.1.11"));
            kube.identities().remove("65536");
            await().until(() -> publication.endpoints().snapshot().size() == 0);
        }
    }

    @Test
    void anAddressThatANewPodHasIsNotTakenAwayByTheLateEndOfTheOld() {
        shop();
        try (var publication = new Publication(kube, Rows.CLUSTER1, GlobalNamespaces.DEFAULT).start()) {
            kube.pods().put(new ObjectKey("shop", "old"), Rows.pod("old", "10.1.1.5", WEB));
            identity(publication, 65_536, new ObjectKey("shop", "old"));
            kube.pods().put(new ObjectKey("shop", "new"), Rows.pod("new", "10.1.1.5", WEB));
            kube.pods().remove(new ObjectKey("shop", "old"));
            await().untilAsserted(() -> assertThat(publication
                            .endpoints()
                            .snapshot()
                            .get(IpAddress.parse("10.1.1.5"))
                            .map(endpoint -> endpoint.pod().name()))
                    .contains("new"));
        }
    }

    @Test
    void endsAsAFreshPlanWouldWhateverCameBefore() {
        shop();
        initialize();
        var random = new Random(11);
        try (var publication = new Publication(kube, Rows.CLUSTER1, GlobalNamespaces.DEFAULT).start()) {
            for (int step = 0; step < 2_000; step++) {
                change(random, publication);
            }
            try (var fresh = new Publication(kube, Rows.CLUSTER1, GlobalNamespaces.DEFAULT).start()) {
                await().until(() ->
                        fresh.endpoints().initialized() && fresh.services().initialized());
                await().untilAsserted(() -> {
                    assertThat(publication.endpoints().snapshot().toMap())
                            .isEqualTo(fresh.endpoints().snapshot().toMap())
                            .isNotEmpty();
                    assertThat(publication.services().snapshot().toMap())
                            .isEqualTo(fresh.services().snapshot().toMap())
                            .isNotEmpty();
                });
            }
        }
    }

    private void change(Random random, Publication publication) {
        String name = "p" + random.nextInt(20);
        var key = new ObjectKey("shop", name);
        switch (random.nextInt(6)) {
            case 0 -> kube.pods().remove(key);
            case 1, 2 ->
                kube.pods()
                        .put(
                                key,
                                Rows.pod(name, "10.1.1." + random.nextInt(20), Map.of("app", "a" + random.nextInt(3))));
            case 3 -> kube.services().put(new ObjectKey("shop", "web"), Rows.service("web", "none"));
            case 4 ->
                kube.slices()
                        .put(
                                new ObjectKey("shop", "web-1"),
                                Rows.slice("web", Rows.endpoint("10.1.1." + random.nextInt(20), true, true, false)));
            default ->
                publication
                        .podLabels()
                        .snapshot()
                        .get(key)
                        .ifPresent(labels -> kube.identities()
                                .put(
                                        Long.toString(65_536 + random.nextInt(5)),
                                        new MeshIdentityObject(
                                                65_536 + random.nextInt(5), labels.values(), Optional.empty())));
        }
    }

    @Test
    void staleKeysAreSweptBeforeTheCanaryOfTheirKind() throws Exception {
        shop();
        var store = new MemoryStore(Clock.systemUTC());
        String stale = "cilium/state/nodes/v1/cluster1/gone";
        store.commit(List.of(Write.put(stale, Value.of("{}"))));
        var lease = Duration.ofMinutes(15);
        try (var publication = new Publication(kube, Rows.CLUSTER1, GlobalNamespaces.DEFAULT).start();
                var announcements = new Announcements(store, lease, Clock.systemUTC());
                var publisher = new Publisher(
                        publication, Rows.CLUSTER1, store, lease, announcements, (_, _) -> {}, Clock.systemUTC())) {
            announcements.complete();
            assertThat(store.get(stale)).isPresent();
            initialize();
            await().until(() -> store.list(MeshKeys.SYNCED).values().size() == MeshKeys.Kind.values().length);
            assertThat(store.get(stale)).isEmpty();
            assertThat(store.get("cilium/state/nodes/v1/cluster1/node1")).isPresent();
            assertThat(store.get("cilium/cluster-config/cluster1").orElseThrow().text())
                    .contains("\"id\":1");
            assertThat(publisher.ready()).isTrue();
        }
    }
}
