package dev.tombolo.kvstore.publish;

import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Leases with the keys on them. At most {@link #MOST_KEYS} share one, because the cost of a put grows with the keys on its
 * lease (etcd issue 15993). Not thread-safe: guarded by its owner.
 */
final class LeasePool {
    static final int MOST_KEYS = 1_000;

    private final KvStore store;
    private final Duration timeToLive;
    private final Map<Long, Set<String>> keysByLease = new HashMap<>();
    private final Map<String, Long> leaseByKey = new HashMap<>();

    LeasePool(KvStore store, Duration timeToLive) {
        this.store = store;
        this.timeToLive = timeToLive;
    }

    /** The lease that a key is on, or one with room for it. */
    long leaseFor(String key) throws KvException {
        Long held = leaseByKey.get(key);
        if (held != null) {
            return held;
        }
        long lease = roomy().isPresent() ? roomy().get() : grant();
        keysByLease.get(lease).add(key);
        leaseByKey.put(key, lease);
        return lease;
    }

    private Optional<Long> roomy() {
        return keysByLease.entrySet().stream()
                .filter(lease -> lease.getValue().size() < MOST_KEYS)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private long grant() throws KvException {
        long lease = store.grantLease(timeToLive);
        keysByLease.put(lease, new HashSet<>());
        return lease;
    }

    boolean holds(String key) {
        return leaseByKey.containsKey(key);
    }

    void release(String key) {
        Long lease = leaseByKey.remove(key);
        if (lease != null) {
            keysByLease.get(lease).remove(key);
        }
    }

    void forget(long lease) {
        var keys = keysByLease.remove(lease);
        if (keys != null) {
            keys.forEach(leaseByKey::remove);
        }
    }

    List<Long> leases() {
        return new ArrayList<>(keysByLease.keySet());
    }
}
