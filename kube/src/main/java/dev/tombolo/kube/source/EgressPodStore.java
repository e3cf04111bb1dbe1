package dev.tombolo.kube.source;

import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressPod;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What an informer keeps of pods: the rows of egress policies, a few hundred bytes for each. A whole pod takes many times as
 * much, and a cluster can have more of them than a node's agent has memory for.
 */
final class EgressPodStore implements ItemStore<Pod> {
    private final Map<ObjectKey, EgressPod> rows = new ConcurrentHashMap<>();
    private final Consumer<Invalid> invalid;
    private final Recurring recurring = new Recurring();

    EgressPodStore(Consumer<Invalid> invalid) {
        this.invalid = invalid;
    }

    /** The row of a pod, also of one that is kept here. */
    static Optional<EgressPod> row(Pod pod, Consumer<Invalid> invalid) {
        return pod instanceof Kept kept ? Optional.of(kept.row) : EgressPodRows.row(pod, invalid);
    }

    /** Has a name and the row. Its version is not known, so that it counts as changed when it is listed again. */
    @SuppressWarnings("serial")
    private static final class Kept extends Pod {
        private final transient EgressPod row;

        Kept(EgressPod row) {
            this.row = row;
        }

        @Override
        public ObjectMeta getMetadata() {
            return new ObjectMetaBuilder()
                    .withNamespace(row.namespace())
                    .withName(row.name())
                    .build();
        }
    }

    @Override
    public String getKey(Pod pod) {
        return Cache.metaNamespaceKeyFunc(pod);
    }

    /** The cache puts one at a time. */
    @Override
    public Pod put(String key, Pod pod) {
        var row = InformedTable.row(EgressPodStore::row, pod, invalid);
        if (row.isEmpty()) {
            return remove(key);
        }
        var shared = shared(row.get());
        return kept(rows.put(new ObjectKey(shared.namespace(), shared.name()), shared));
    }

    private EgressPod shared(EgressPod row) {
        return new EgressPod(
                recurring.of(row.namespace()),
                row.name(),
                row.uid(),
                recurring.of(row.serviceAccount()),
                recurring.of(row.labels()),
                recurring.of(row.node()),
                row.addresses(),
                row.hostNetwork(),
                row.terminating());
    }

    private static Pod kept(EgressPod row) {
        return row == null ? null : new Kept(row);
    }

    @Override
    public Pod remove(String key) {
        return kept(rows.remove(place(key)));
    }

    @Override
    public Pod get(String key) {
        return kept(rows.get(place(key)));
    }

    private static ObjectKey place(String key) {
        int slash = key.indexOf('/');
        return new ObjectKey(key.substring(0, slash), key.substring(slash + 1));
    }

    @Override
    public Stream<String> keySet() {
        return rows.keySet().stream().map(ObjectKey::toString);
    }

    @Override
    public Stream<Pod> values() {
        return rows.values().stream().map(EgressPodStore::kept);
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
