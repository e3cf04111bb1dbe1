package dev.tombolo.kube.source;

import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What an informer keeps of pods: their rows, a few hundred bytes for each. A whole pod takes many times as much, and a
 * cluster can have more of them than who follows it has memory for.
 */
final class PodRowStore<R> implements ItemStore<Pod> {
    private final Map<ObjectKey, R> rows = new ConcurrentHashMap<>();
    private final RowMapping<Pod, R> mapping;
    private final BiFunction<R, Recurring, R> sharing;
    private final Consumer<Invalid> invalid;
    private final Recurring recurring = new Recurring();

    /** @param sharing the same row, made of objects that others with the same values have too */
    PodRowStore(RowMapping<Pod, R> mapping, BiFunction<R, Recurring, R> sharing, Consumer<Invalid> invalid) {
        this.mapping = mapping;
        this.sharing = sharing;
        this.invalid = invalid;
    }

    /** The row of a pod that is kept here, whatever is left of it. */
    Optional<R> row(Pod pod, Consumer<Invalid> ignored) {
        return Optional.ofNullable(rows.get(ObjectReading.key(pod)));
    }

    /** Has no more than a name. Its version is not known, so that it counts as changed when it is listed again. */
    @SuppressWarnings("serial")
    private static final class Kept extends Pod {
        private final transient ObjectKey key;

        Kept(ObjectKey key) {
            this.key = key;
        }

        @Override
        public ObjectMeta getMetadata() {
            return new ObjectMetaBuilder()
                    .withNamespace(key.namespace())
                    .withName(key.name())
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
        var row = InformedTable.row(mapping, pod, invalid);
        if (row.isEmpty()) {
            return remove(key);
        }
        var place = place(key);
        var shared = new ObjectKey(recurring.of(place.namespace()), place.name());
        return kept(shared, rows.put(shared, sharing.apply(row.get(), recurring)));
    }

    private Pod kept(ObjectKey key, R row) {
        return row == null ? null : new Kept(key);
    }

    @Override
    public Pod remove(String key) {
        var place = place(key);
        return kept(place, rows.remove(place));
    }

    @Override
    public Pod get(String key) {
        var place = place(key);
        return kept(place, rows.get(place));
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
        return rows.keySet().stream().map(Kept::new);
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
