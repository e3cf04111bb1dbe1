package dev.tombolo.apiserver.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.apiserver.Rows;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.identity.IdentityLabels;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdentityAllocatorTest {
    private final Table<ObjectKey, IdentityLabels> pods = new Table<>("pod labels");
    private final Table<String, MeshIdentityObject> objects = new Table<>("identities");
    private final Map<Long, Map<String, String>> api = new TreeMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @BeforeEach
    void initialize() {
        pods.markInitialized();
        objects.markInitialized();
    }

    private IdentityAllocator allocator() {
        return new IdentityAllocator(
                pods,
                objects,
                Rows.CLUSTER1,
                new IdentityAllocator.Objects() {
                    @Override
                    public boolean create(long id, Map<String, String> labels) {
                        return api.putIfAbsent(id, labels) == null;
                    }

                    @Override
                    public void delete(long id) {
                        api.remove(id);
                    }
                },
                () -> true,
                new Clock() {
                    @Override
                    public ZoneOffset getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(java.time.ZoneId zone) {
                        return this;
                    }

                    @Override
                    public Instant instant() {
                        return now;
                    }
                });
    }

    private void pod(String name, String app) {
        pods.put(new ObjectKey("shop", name), new IdentityLabels(Map.of("k8s:app", app)));
    }

    private void tellOfObjects() {
        var rows = new TreeMap<String, MeshIdentityObject>();
        api.forEach((id, labels) -> rows.put(id.toString(), new MeshIdentityObject(id, labels, Optional.empty())));
        objects.replaceAll(rows);
    }

    @Test
    void oneNumberForEachSetOfLabelsAlsoBeforeTheInformerHasSeenIt() throws IOException {
        pod("a", "web");
        pod("b", "web");
        var allocator = allocator();
        allocator.pass();
        pod("c", "db");
        allocator.pass();
        assertThat(api).isEqualTo(Map.of(65_536L, Map.of("k8s:app", "web"), 65_537L, Map.of("k8s:app", "db")));
    }

    @Test
    void aNumberThatSomebodyElseTookIsLeftToThem() throws IOException {
        api.put(65_536L, Map.of("k8s:app", "theirs"));
        pod("a", "web");
        allocator().pass();
        assertThat(api)
                .containsEntry(65_536L, Map.of("k8s:app", "theirs"))
                .containsEntry(65_537L, Map.of("k8s:app", "web"));
    }

    @Test
    void staysTheSameForANewProcess() throws IOException {
        pod("a", "web");
        allocator().pass();
        tellOfObjects();
        allocator().pass();
        assertThat(api).hasSize(1);
    }

    @Test
    void isCollectedOnlyAfterADelay() throws IOException {
        pod("a", "web");
        var allocator = allocator();
        allocator.pass();
        tellOfObjects();
        pods.remove(new ObjectKey("shop", "a"));
        allocator.pass();
        now = now.plus(Duration.ofMinutes(14));
        allocator.pass();
        assertThat(api).hasSize(1);
        now = now.plus(Duration.ofMinutes(2));
        allocator.pass();
        assertThat(api).isEmpty();
    }

    @Test
    void leavesOutWhatTellsPodsOfOneWorkloadApart() {
        var labels = Map.of(
                "app",
                "web",
                "pod-template-hash",
                "5c9",
                "controller-uid",
                "u",
                "statefulset.kubernetes.io/pod-name",
                "web-0",
                "app.kubernetes.io/name",
                "web");
        var namespace = Optional.of(new KubeNamespace("shop", Map.of("kubernetes.io/metadata.name", "shop"), Map.of()));
        var found = PodLabelsPlan.labels(Rows.pod("a", "10.1.1.1", labels), namespace, Rows.CLUSTER1.name());
        assertThat(found.orElseThrow().encoded())
                .isEqualTo("k8s:app=web;k8s:app.kubernetes.io/name=web;"
                        + "k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=shop;"
                        + "k8s:io.cilium.k8s.policy.cluster=cluster1;k8s:io.cilium.k8s.policy.serviceaccount=default;"
                        + "k8s:io.kubernetes.pod.namespace=shop;");
    }
}
