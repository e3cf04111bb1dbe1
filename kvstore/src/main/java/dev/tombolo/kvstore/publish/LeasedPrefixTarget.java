package dev.tombolo.kvstore.publish;

import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A prefix of the store kept equal to rows by full key, each on a lease of ours: they vanish when this process is dead for
 * longer than the lease. Keys that an earlier process left are taken over, or removed, at the first full pass.
 *
 * <p>{@link #keepAlive()} has to be called well within the lease's time; when it reports a lost lease, a full pass puts
 * the keys back. Thread-safe.
 */
public final class LeasedPrefixTarget implements Target<String, Value> {
    /** What a key on somebody else's lease reads as: never equal to a row, so that it is put again on ours. */
    private static final Value NOT_OURS = Value.of("\0not on a lease of ours");

    private final KvStore store;
    private final String prefix;
    private final LeasePool leases;
    private boolean hasLostLease;

    public LeasedPrefixTarget(KvStore store, String prefix, Duration timeToLive) {
        this.store = store;
        this.prefix = prefix;
        this.leases = new LeasePool(store, timeToLive);
    }

    @Override
    public synchronized Map<String, Value> observe() throws IOException {
        var rows = new LinkedHashMap<String, Value>();
        store.list(prefix).values().forEach((key, value) -> rows.put(key, leases.holds(key) ? value : NOT_OURS));
        return rows;
    }

    @Override
    public synchronized void put(String key, Value value) throws IOException {
        try {
            store.commit(List.of(Write.put(key, value, leases.leaseFor(key))));
        } catch (KvException failure) {
            forgetLostLease(failure, key);
            throw failure;
        }
    }

    @Override
    public synchronized void remove(String key) throws IOException {
        store.commit(List.of(Write.delete(key)));
        leases.release(key);
    }

    @Override
    public Map<String, IOException> putAll(Map<String, Value> rows) {
        return change(Set.of(), rows);
    }

    @Override
    public Map<String, IOException> removeAll(Set<String> keys) {
        return change(keys, Map.of());
    }

    /** Together, because each commit waits for a disk: a pod that replaces another reaches readers in half the time. */
    @Override
    public synchronized Map<String, IOException> change(Set<String> gone, Map<String, Value> puts) {
        var failures = new LinkedHashMap<String, IOException>();
        var writes = new ArrayList<Write>();
        gone.forEach(key -> writes.add(Write.delete(key)));
        puts.forEach((key, value) -> {
            try {
                writes.add(Write.put(key, value, leases.leaseFor(key)));
            } catch (KvException noLease) {
                failures.put(key, noLease);
            }
        });
        commit(writes, failures);
        gone.stream().filter(key -> !failures.containsKey(key)).forEach(leases::release);
        return failures;
    }

    private void commit(List<Write> writes, Map<String, IOException> failures) {
        var batches = new ArrayList<List<Write>>();
        for (int from = 0; from < writes.size(); from += KvStore.MOST_WRITES) {
            batches.add(writes.subList(from, Math.min(writes.size(), from + KvStore.MOST_WRITES)));
        }
        store.commitAll(batches)
                .forEach((batch, failure) -> batches.get(batch).forEach(write -> {
                    failures.put(write.key(), failure);
                    forgetLostLease(failure, write.key());
                }));
    }

    private void forgetLostLease(KvException failure, String key) {
        if (failure.kind() == KvException.Kind.LEASE_LOST) {
            // All keys on it are gone, not only this one; the next keepAlive() reports it.
            leases.forgetLeaseOf(key);
            hasLostLease = true;
        }
    }

    /** Keeps every lease alive; false when one was lost, and its keys have to be put again by a full pass. */
    public boolean keepAlive() throws KvException {
        boolean allKept;
        List<Long> held;
        synchronized (this) {
            allKept = !hasLostLease;
            hasLostLease = false;
            held = leases.leases();
        }
        for (long lease : held) {
            try {
                store.keepAlive(lease);
            } catch (KvException failure) {
                if (failure.kind() != KvException.Kind.LEASE_LOST) {
                    throw failure;
                }
                synchronized (this) {
                    leases.forget(lease);
                }
                allKept = false;
            }
        }
        return allKept;
    }
}
