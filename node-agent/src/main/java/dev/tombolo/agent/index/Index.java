package dev.tombolo.agent.index;

import dev.tombolo.reconciler.table.Table;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Finds the rows of a table by something other than their key, and remembers what a row named before it changed, so
 * that a derivation also plans again what a row no longer touches. Confined to the thread of one derivation.
 */
public final class Index<T, K extends Comparable<? super K>, V> {
    private final Table<K, V> table;
    private final BiFunction<K, V, ? extends Collection<T>> terms;
    private final Map<K, Set<T>> termsByKey = new HashMap<>();
    private final Map<T, Set<K>> keysByTerm = new HashMap<>();

    public Index(Table<K, V> table, BiFunction<K, V, ? extends Collection<T>> terms) {
        this.table = table;
        this.terms = terms;
    }

    /** Takes in the row's current value; returns what it named before and what it names now. */
    public Set<T> update(K key) {
        Set<T> now = table.snapshot()
                .get(key)
                .<Set<T>>map(value -> Set.copyOf(terms.apply(key, value)))
                .orElse(Set.of());
        Set<T> before = now.isEmpty() ? termsByKey.remove(key) : termsByKey.put(key, now);
        if (now.equals(before)) {
            return now;
        }
        var touched = new HashSet<>(now);
        if (before != null) {
            before.forEach(term -> forget(term, key));
            touched.addAll(before);
        }
        now.forEach(
                term -> keysByTerm.computeIfAbsent(term, _ -> new TreeSet<>()).add(key));
        return touched;
    }

    /** Reads the whole table again; returns every term that is named. */
    public Set<T> rebuild() {
        termsByKey.clear();
        keysByTerm.clear();
        table.snapshot().forEach(row -> update(row.getKey()));
        return Set.copyOf(keysByTerm.keySet());
    }

    /** The keys of the rows that name this term, in order. */
    public Set<K> keys(T term) {
        return keysByTerm.getOrDefault(term, Set.of());
    }

    private void forget(T term, K key) {
        var keys = keysByTerm.get(term);
        keys.remove(key);
        if (keys.isEmpty()) {
            keysByTerm.remove(term);
        }
    }
}
