package dev.tombolo.reconciler.table;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One kind of fact: rows by key, with a revision that rises at each change. One writer at a time; readers take a
 * {@link #snapshot()} and never lock. Listeners are called on the writer's thread after the change is visible and must
 * only signal.
 */
public final class Table<K extends Comparable<? super K>, V> {
    /** Changes kept for trackers; one that falls further behind is told to read everything. */
    private static final int SHORTEST_LOG = 4_096;

    private final String name;
    private final Deque<Change<K>> log = new ArrayDeque<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private PersistentMap<K, V> rows = PersistentMap.empty();
    private volatile Snapshot<K, V> current = new Snapshot<>(rows, 0, false);
    private long forgottenUpTo;
    private int logged;

    public Table(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    public Snapshot<K, V> snapshot() {
        return current;
    }

    public boolean initialized() {
        return current.initialized();
    }

    /** Called once every source of the table has delivered its first complete listing. Until then nothing is pruned. */
    public void markInitialized() {
        synchronized (this) {
            if (current.initialized()) {
                return;
            }
            current = new Snapshot<>(rows, current.revision() + 1, true);
            notifyAll();
        }
        tellListeners();
    }

    public void put(K key, V value) {
        apply(Map.of(key, value), Set.of());
    }

    public void remove(K key) {
        apply(Map.of(), Set.of(key));
    }

    /** Removes and puts in one revision; rows that already are as asked do not count as changes. */
    public void apply(Map<? extends K, ? extends V> puts, Set<? extends K> removals) {
        apply(puts, removals, System.nanoTime());
    }

    /**
     * The same for rows that follow from others.
     *
     * @param since the {@link System#nanoTime()} of the first change outside that this follows from
     */
    public void apply(Map<? extends K, ? extends V> puts, Set<? extends K> removals, long since) {
        boolean changed;
        synchronized (this) {
            changed = commit(puts, removals, since);
        }
        if (changed) {
            tellListeners();
        }
    }

    /** Makes the table equal to {@code desired}; only the difference counts as changed. */
    public void replaceAll(Map<? extends K, ? extends V> desired) {
        boolean changed;
        synchronized (this) {
            var gone = new HashSet<K>();
            rows.forEach(row -> {
                if (!desired.containsKey(row.getKey())) {
                    gone.add(row.getKey());
                }
            });
            changed = commit(desired, gone, System.nanoTime());
        }
        if (changed) {
            tellListeners();
        }
    }

    private boolean commit(Map<? extends K, ? extends V> puts, Set<? extends K> removals, long since) {
        var gone = new ArrayList<K>();
        for (K key : removals) {
            if (!puts.containsKey(key) && rows.find(key) != null) {
                gone.add(key);
            }
        }
        var changed = rows.size() == 0 ? puts : changed(puts);
        if (gone.isEmpty() && changed.isEmpty()) {
            return false;
        }
        rows = rows.with(changed, gone);
        note(changed.keySet(), gone, since);
        current = new Snapshot<>(rows, current.revision() + 1, current.initialized());
        notifyAll();
        return true;
    }

    /** In the order that they come in: what is sorted already is not sorted again. */
    private Map<K, V> changed(Map<? extends K, ? extends V> puts) {
        var changed = new LinkedHashMap<K, V>();
        for (var put : puts.entrySet()) {
            V value = Objects.requireNonNull(put.getValue());
            V old = rows.find(put.getKey());
            if (old != value && !value.equals(old)) {
                changed.put(put.getKey(), value);
            }
        }
        return changed;
    }

    /** One entry for all that changed at once: there may be very many rows. */
    private void note(Set<? extends K> put, List<K> gone, long since) {
        var keys = new ArrayList<K>(put.size() + gone.size());
        keys.addAll(gone);
        keys.addAll(put);
        log.addLast(new Change<>(current.revision() + 1, keys, since));
        logged += keys.size();
        int longest = Math.max(SHORTEST_LOG, 2 * rows.size());
        while (logged > longest && log.size() > 1) {
            var oldest = log.removeFirst();
            forgottenUpTo = oldest.revision();
            logged -= oldest.keys().size();
        }
    }

    /** The keys put or removed after {@code revision}, with the snapshot to read them from. */
    public Changes<K, V> changesSince(long revision) {
        synchronized (this) {
            long since = System.nanoTime();
            if (revision < forgottenUpTo) {
                return new Changes<>(current, Set.of(), false, since);
            }
            var keys = new LinkedHashSet<K>();
            for (var newest = log.descendingIterator(); newest.hasNext(); ) {
                var change = newest.next();
                if (change.revision() <= revision) {
                    break;
                }
                keys.addAll(change.keys());
                since = change.since() - since < 0 ? change.since() : since;
            }
            return new Changes<>(current, keys, true, since);
        }
    }

    /** Waits until the revision is beyond {@code revision}; false when the time is over first. */
    public boolean awaitChange(long revision, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        synchronized (this) {
            while (current.revision() <= revision) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                wait(left / 1_000_000, (int) (left % 1_000_000));
            }
            return true;
        }
    }

    /** Adds a listener; closing the result takes it away again. */
    public Subscription onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void tellListeners() {
        listeners.forEach(Runnable::run);
    }

    private record Change<K>(long revision, List<K> keys, long since) {}

    /**
     * What changed since a revision.
     *
     * @param keys put or removed; look each up in the snapshot to see which
     * @param complete false when the tracker was too far behind: then every row has to be read
     * @param since the {@link System#nanoTime()} of the oldest change outside that one of these follows from
     */
    public record Changes<K extends Comparable<? super K>, V>(
            Snapshot<K, V> snapshot, Set<K> keys, boolean complete, long since) {}
}
