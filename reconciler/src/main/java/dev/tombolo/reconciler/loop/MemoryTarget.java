package dev.tombolo.reconciler.loop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Stands in for something outside that is not to be touched: a run for training, or a measurement of something else. */
public final class MemoryTarget<K, V> implements Target<K, V> {
    private final Map<K, V> rows = new ConcurrentHashMap<>();

    @Override
    public Map<K, V> observe() {
        return Map.copyOf(rows);
    }

    @Override
    public void put(K key, V value) {
        rows.put(key, value);
    }

    @Override
    public void remove(K key) {
        rows.remove(key);
    }
}
