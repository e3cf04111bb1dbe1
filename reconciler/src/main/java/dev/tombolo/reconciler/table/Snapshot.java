package dev.tombolo.reconciler.table;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A table as it was at one revision; never changes, needs no lock. */
public final class Snapshot<K extends Comparable<? super K>, V> implements Iterable<Map.Entry<K, V>> {
    private final PersistentMap<K, V> rows;
    private final long revision;
    private final boolean initialized;

    Snapshot(PersistentMap<K, V> rows, long revision, boolean initialized) {
        this.rows = rows;
        this.revision = revision;
        this.initialized = initialized;
    }

    public Optional<V> get(K key) {
        return rows.get(key);
    }

    public int size() {
        return rows.size();
    }

    public long revision() {
        return revision;
    }

    /** The rows alone. */
    public PersistentMap<K, V> rows() {
        return rows;
    }

    /** Whether every source of the table had reported its first complete listing. */
    public boolean initialized() {
        return initialized;
    }

    @Override
    public Iterator<Map.Entry<K, V>> iterator() {
        return rows.iterator();
    }

    /** Entries in key order from the first that is not below {@code start}; the caller stops where its range ends. */
    public Iterator<Map.Entry<K, V>> from(K start) {
        return rows.from(start);
    }

    public Stream<Map.Entry<K, V>> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    public Stream<V> values() {
        return stream().map(Map.Entry::getValue);
    }

    /** A copy in key order. */
    public Map<K, V> toMap() {
        var copy = new LinkedHashMap<K, V>(2 * size());
        forEach(entry -> copy.put(entry.getKey(), entry.getValue()));
        return Collections.unmodifiableMap(copy);
    }
}
