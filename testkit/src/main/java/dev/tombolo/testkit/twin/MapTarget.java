package dev.tombolo.testkit.twin;

import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A target in memory that can be told to refuse a key, and remembers what was asked of it. Thread-safe. */
public final class MapTarget<K extends Comparable<? super K>, V> implements Target<K, V> {
    private final TreeMap<K, V> rows = new TreeMap<>();
    private final Map<K, String> refusals = new HashMap<>();
    private final List<String> operations = new ArrayList<>();
    private String unreadable;

    @Override
    public synchronized Map<K, V> observe() throws IOException {
        operations.add("observe");
        if (unreadable != null) {
            throw new IOException(unreadable);
        }
        return Map.copyOf(rows);
    }

    @Override
    public synchronized void put(K key, V value) throws IOException {
        operations.add("put " + key);
        refuse(key);
        rows.put(key, value);
    }

    @Override
    public synchronized void remove(K key) throws IOException {
        operations.add("remove " + key);
        refuse(key);
        rows.remove(key);
    }

    /** From now on every operation on this key fails for the reason given. */
    public synchronized void failFor(K key, String reason) {
        refusals.put(key, reason);
    }

    public synchronized void heal() {
        refusals.clear();
        unreadable = null;
    }

    /** From now on {@link #observe()} fails for the reason given. */
    public synchronized void makeUnreadable(String reason) {
        unreadable = reason;
    }

    /** Changes the rows as somebody else would, behind the reconciler's back. */
    public synchronized void meddle(Map<K, V> newRows) {
        rows.clear();
        rows.putAll(newRows);
    }

    public synchronized Map<K, V> rows() {
        return new TreeMap<>(rows);
    }

    /** Everything asked so far, in order: {@code observe}, {@code put KEY}, {@code remove KEY}. */
    public synchronized List<String> operations() {
        return List.copyOf(operations);
    }

    private void refuse(K key) throws IOException {
        if (refusals.containsKey(key)) {
            throw new IOException(refusals.get(key));
        }
    }
}
