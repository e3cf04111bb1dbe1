package dev.tombolo.reconciler.loop;

import dev.tombolo.reconciler.table.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * How a target differs from what was known of it, and from what it should be. Rows can be very many, and differences are
 * few, so only those are copied.
 *
 * @param found rows that are there and were not known to be
 * @param lost keys of rows that were known to be there and are not
 * @param gone keys of rows that are there and should not be
 * @param puts rows that should be there and are not
 */
record FullDifference<K extends Comparable<? super K>, V>(Map<K, V> found, Set<K> lost, Set<K> gone, Map<K, V> puts) {
    /**
     * Compares what was read.
     *
     * @param meanwhile keys of rows that were changed while it was read: what was read of these is not believed
     */
    static <K extends Comparable<? super K>, V> FullDifference<K, V> of(
            Snapshot<K, V> desired, Snapshot<K, V> applied, Map<K, V> actual, Set<K> meanwhile) {
        var difference =
                new FullDifference<K, V>(new HashMap<>(), new HashSet<>(), new HashSet<>(), new LinkedHashMap<>());
        difference.compareKnown(applied, actual);
        difference.compareWanted(desired, actual);
        difference.found.keySet().removeAll(meanwhile);
        difference.lost.removeAll(meanwhile);
        meanwhile.forEach(key -> desired.get(key)
                .ifPresentOrElse(value -> difference.puts.put(key, value), () -> difference.gone.add(key)));
        return difference;
    }

    private void compareKnown(Snapshot<K, V> applied, Map<K, V> actual) {
        int common = compare(applied, actual, (key, _) -> {
            if (actual.containsKey(key)) {
                found.put(key, actual.get(key));
            } else {
                lost.add(key);
            }
        });
        if (common < actual.size()) {
            actual.forEach((key, value) -> {
                if (applied.get(key).isEmpty()) {
                    found.put(key, value);
                }
            });
        }
    }

    private void compareWanted(Snapshot<K, V> desired, Map<K, V> actual) {
        int common = compare(desired, actual, puts::put);
        if (common < actual.size()) {
            actual.keySet().forEach(key -> {
                if (desired.get(key).isEmpty()) {
                    gone.add(key);
                }
            });
        }
    }

    /** Returns how many keys both have. */
    private static <K extends Comparable<? super K>, V> int compare(
            Snapshot<K, V> rows, Map<K, V> actual, BiConsumer<K, V> differing) {
        int common = 0;
        for (var row : rows) {
            V there = actual.get(row.getKey());
            common += there == null ? 0 : 1;
            if (!row.getValue().equals(there)) {
                differing.accept(row.getKey(), row.getValue());
            }
        }
        return common;
    }
}
