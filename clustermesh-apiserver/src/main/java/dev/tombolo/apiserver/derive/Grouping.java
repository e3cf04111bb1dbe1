package dev.tombolo.apiserver.derive;

import dev.tombolo.reconciler.table.Table;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The rows of a table by a value they carry, kept up by its changes: which pods have this address, which slices belong
 * to this Service. Thread-safe.
 */
public final class Grouping<K extends Comparable<? super K>, V, G> {
    private final Table<K, V> table;
    private final Function<V, ? extends Collection<G>> groups;
    private final Map<K, Set<G>> groupsByKey = new HashMap<>();
    private final Map<G, TreeSet<K>> keysByGroup = new HashMap<>();
    private final Map<K, Set<G>> unreported = new HashMap<>();
    private long seen = -1;

    public Grouping(Table<K, V> table, Function<V, ? extends Collection<G>> groups) {
        this.table = table;
        this.groups = groups;
    }

    /** The keys of the rows in a group now, in order. */
    public synchronized Set<K> members(G group) {
        refresh();
        var keys = keysByGroup.get(group);
        return keys == null ? Set.of() : new TreeSet<>(keys);
    }

    /**
     * The groups a row is in now, and all that {@link #members} has shown it in since this was last asked: what a change
     * of the row affects. A plan may have read a state between two changes that the changes themselves no longer show;
     * what it made of that has to be planned again too. For one derivation only, since asking is what moves "last" on.
     */
    public synchronized Set<G> affected(K key) {
        refresh();
        var now = groupsByKey.getOrDefault(key, Set.of());
        var affected = new HashSet<>(now);
        var before = now.isEmpty() ? unreported.remove(key) : unreported.put(key, now);
        if (before != null) {
            affected.addAll(before);
        }
        return affected;
    }

    /** Every group that has a row; the starting point of {@link #affected}. */
    public synchronized Set<G> all() {
        refresh();
        unreported.clear();
        unreported.putAll(groupsByKey);
        return Set.copyOf(keysByGroup.keySet());
    }

    private void refresh() {
        var changes = table.changesSince(seen);
        var rows = changes.snapshot();
        if (seen < 0 || !changes.complete()) {
            var gone = new HashSet<>(groupsByKey.keySet());
            rows.forEach(row -> {
                place(row.getKey(), Set.copyOf(groups.apply(row.getValue())));
                gone.remove(row.getKey());
            });
            gone.forEach(key -> place(key, Set.of()));
        } else {
            for (K key : changes.keys()) {
                place(
                        key,
                        rows.get(key)
                                .map(row -> Set.<G>copyOf(groups.apply(row)))
                                .orElse(Set.of()));
            }
        }
        seen = rows.revision();
    }

    private void place(K key, Set<G> now) {
        var before = now.isEmpty() ? groupsByKey.remove(key) : groupsByKey.put(key, now);
        if (before != null) {
            before.forEach(group -> leave(key, group));
        }
        now.forEach(group ->
                keysByGroup.computeIfAbsent(group, _ -> new TreeSet<>()).add(key));
        unreported.merge(key, now, Grouping::union);
        if (before != null) {
            unreported.merge(key, before, Grouping::union);
        }
    }

    private static <G> Set<G> union(Set<G> some, Set<G> more) {
        var all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private void leave(K key, G group) {
        var keys = keysByGroup.get(group);
        keys.remove(key);
        if (keys.isEmpty()) {
            keysByGroup.remove(group);
        }
    }
}
