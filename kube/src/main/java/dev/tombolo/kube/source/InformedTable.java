package dev.tombolo.kube.source;

import dev.tombolo.kube.resource.KubeCall;
import dev.tombolo.model.Invalid;
import dev.tombolo.reconciler.table.Table;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ExceptionHandler;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keeps a table equal to what an informer knows. An event only names an object: its state is read from the informer's
 * store, so that an event that arrives late can never bring back what is gone.
 */
final class InformedTable<T extends HasMetadata, K extends Comparable<? super K>, R> implements KubeSource {
    private final Table<K, R> table;
    private final Function<HasMetadata, K> key;
    private final RowMapping<T, R> mapping;
    private final Consumer<Invalid> invalid;
    private final Presence presence;
    private final SharedIndexInformer<T> informer;
    private volatile String lastError = "";
    private volatile boolean kindIsMissing;
    private boolean listed;

    /** Whether it is wrong that the API server does not have the kind. */
    enum Presence {
        REQUIRED,
        /** Then the table is not initialized until it has, because "none" would take away what was made of it before. */
        OPTIONAL
    }

    private InformedTable(
            Informable<T> objects,
            Table<K, R> table,
            Function<HasMetadata, K> key,
            RowMapping<T, R> mapping,
            Consumer<Invalid> invalid,
            Presence presence,
            Consumer<SharedIndexInformer<T>> preparation) {
        this.table = table;
        this.key = key;
        this.mapping = mapping;
        this.invalid = invalid;
        this.presence = presence;
        this.informer = objects.runnableInformer(0);
        preparation.accept(informer);
    }

    static <T extends HasMetadata, K extends Comparable<? super K>, R> KubeSource start(
            Informable<T> objects,
            Table<K, R> table,
            Function<HasMetadata, K> key,
            RowMapping<T, R> mapping,
            Consumer<Invalid> invalid,
            Presence presence) {
        return start(objects, table, key, mapping, invalid, presence, _ -> {});
    }

    /** @param preparation of the informer, before it is started */
    static <T extends HasMetadata, K extends Comparable<? super K>, R> KubeSource start(
            Informable<T> objects,
            Table<K, R> table,
            Function<HasMetadata, K> key,
            RowMapping<T, R> mapping,
            Consumer<Invalid> invalid,
            Presence presence,
            Consumer<SharedIndexInformer<T>> preparation) {
        var source = new InformedTable<>(objects, table, key, mapping, invalid, presence, preparation);
        source.informer.addEventHandler(source.new Events());
        source.informer.exceptionHandler(source::retry);
        source.informer.start().thenRun(source::firstList);
        return source;
    }

    private boolean retry(boolean started, Throwable failure) {
        lastError = String.valueOf(failure.getMessage());
        kindIsMissing = isUnknownKind(failure);
        // An object that cannot be read at all would otherwise end the informer for good.
        return started || !ExceptionHandler.isDeserializationException(failure) || !lastError.isEmpty();
    }

    /** What the client says is wrapped in what happened to its future. */
    private static boolean isUnknownKind(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause ->
                        cause instanceof KubernetesClientException refused && refused.getCode() == KubeCall.NOT_FOUND);
    }

    private synchronized void firstList() {
        listed = true;
        Map<K, R> rows = new HashMap<>();
        for (T object : informer.getStore().list()) {
            row(object).ifPresent(row -> rows.put(key.apply(object), row));
        }
        table.apply(rows, Set.of());
        table.markInitialized();
        lastError = "";
        kindIsMissing = false;
    }

    private synchronized void refresh(T event) {
        if (!listed) {
            return;
        }
        lastError = "";
        T current = informer.getStore().getByKey(Cache.metaNamespaceKeyFunc(event));
        Optional<R> row = current == null ? Optional.empty() : row(current);
        row.ifPresentOrElse(value -> table.put(key.apply(event), value), () -> table.remove(key.apply(event)));
    }

    private Optional<R> row(T object) {
        return row(mapping, object, invalid);
    }

    /** Empty also for an object that a mapping has a fault with. */
    static <T extends HasMetadata, R> Optional<R> row(RowMapping<T, R> mapping, T object, Consumer<Invalid> invalid) {
        try {
            return mapping.row(object, invalid);
        } catch (RuntimeException unexpected) {
            invalid.accept(new Invalid(
                    object.getKind() + " " + Cache.metaNamespaceKeyFunc(object),
                    Invalid.Reason.MALFORMED,
                    String.valueOf(unexpected.getMessage()),
                    "an object of the published schema"));
            return Optional.empty();
        }
    }

    @Override
    public boolean watching() {
        return informer.isWatching();
    }

    @Override
    public Optional<String> lastError() {
        boolean expected = presence == Presence.OPTIONAL && kindIsMissing();
        return Optional.of(lastError).filter(text -> !text.isEmpty() && !watching() && !expected);
    }

    @Override
    public boolean kindIsMissing() {
        return kindIsMissing && !watching();
    }

    @Override
    public void close() {
        informer.stop();
    }

    private final class Events implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            refresh(object);
        }

        @Override
        public void onUpdate(T before, T after) {
            refresh(after);
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            refresh(object);
        }
    }
}
