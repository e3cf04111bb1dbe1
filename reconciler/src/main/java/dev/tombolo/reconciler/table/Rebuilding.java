package dev.tombolo.reconciler.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A new tree of the rows of another one and many changes, in one pass over both. */
final class Rebuilding<K extends Comparable<? super K>, V> {
    private final List<Map.Entry<K, V>> rows;

    private Rebuilding(int capacity) {
        rows = new ArrayList<>(capacity);
    }

    static <K extends Comparable<? super K>, V> PersistentMap<K, V> of(
            PersistentMap<K, V> map, Map<? extends K, ? extends V> puts, Collection<? extends K> removals) {
        var rebuilding = new Rebuilding<K, V>(map.size() + puts.size());
        rebuilding.merge(kept(map, removals), sorted(puts));
        return PersistentMap.ofSorted(rebuilding.rows);
    }

    private static <K extends Comparable<? super K>, V> Iterator<Map.Entry<K, V>> kept(
            PersistentMap<K, V> map, Collection<? extends K> removals) {
        if (removals.isEmpty()) {
            return map.iterator();
        }
        var gone = new HashSet<K>(removals);
        var kept = new ArrayList<Map.Entry<K, V>>(map.size());
        map.forEach(row -> {
            if (!gone.contains(row.getKey())) {
                kept.add(row);
            }
        });
        return kept.iterator();
    }

    /** Entries of their own: those of a map in use may not outlive a step of its iterator. */
    private static <K extends Comparable<? super K>, V> Iterator<Map.Entry<K, V>> sorted(
            Map<? extends K, ? extends V> puts) {
        var sorted = new ArrayList<Map.Entry<K, V>>(puts.size());
        puts.forEach((key, value) -> sorted.add(Map.entry(key, value)));
        sorted.sort((one, other) -> one.getKey().compareTo(other.getKey()));
        return sorted.iterator();
    }

    private void merge(Iterator<Map.Entry<K, V>> kept, Iterator<Map.Entry<K, V>> puts) {
        var old = next(kept);
        for (var put = next(puts); put != null; put = next(puts)) {
            while (old != null && old.getKey().compareTo(put.getKey()) < 0) {
                rows.add(old);
                old = next(kept);
            }
            if (old != null && old.getKey().compareTo(put.getKey()) == 0) {
                old = next(kept);
            }
            rows.add(put);
        }
        while (old != null) {
            rows.add(old);
            old = next(kept);
        }
    }

    private static <T> T next(Iterator<T> iterator) {
        return iterator.hasNext() ? iterator.next() : null;
    }
}
