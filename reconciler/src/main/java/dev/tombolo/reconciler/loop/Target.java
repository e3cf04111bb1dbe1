package dev.tombolo.reconciler.loop;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Something outside this process that is kept equal to a table: an eBPF map, a WireGuard device, an etcd prefix. */
public interface Target<K, V> {
    /** What is really there, read at start-up and at every full pass. */
    Map<K, V> observe() throws IOException;

    /**
     * The same. A target that takes long to read calls {@code between} now and then, which may put and remove rows: what is
     * read of such a row may be from before or after.
     */
    default Map<K, V> observe(Runnable between) throws IOException {
        return observe();
    }

    /** Makes one row so; doing it twice is the same as once. */
    void put(K key, V value) throws IOException;

    /** Removes one row; removing what is absent is success. */
    void remove(K key) throws IOException;

    /** Puts many rows, in one go where the target can; returns the rows that failed, with the reason. */
    default Map<K, IOException> putAll(Map<K, V> rows) {
        var failures = new LinkedHashMap<K, IOException>();
        rows.forEach((key, value) -> {
            try {
                put(key, value);
            } catch (IOException failure) {
                failures.put(key, failure);
            }
        });
        return failures;
    }

    /** Removes many rows; returns those that failed, with the reason. */
    default Map<K, IOException> removeAll(Set<K> keys) {
        var failures = new LinkedHashMap<K, IOException>();
        keys.forEach(key -> {
            try {
                remove(key);
            } catch (IOException failure) {
                failures.put(key, failure);
            }
        });
        return failures;
    }

    /**
     * Removes and puts, in one go where the target can; removals come first, because they make room in targets that can
     * be full. No key is in both. Returns the rows that failed, with the reason.
     */
    default Map<K, IOException> change(Set<K> gone, Map<K, V> puts) {
        var failures = new LinkedHashMap<K, IOException>();
        if (!gone.isEmpty()) {
            failures.putAll(removeAll(gone));
        }
        if (!puts.isEmpty()) {
            failures.putAll(putAll(puts));
        }
        return failures;
    }
}
