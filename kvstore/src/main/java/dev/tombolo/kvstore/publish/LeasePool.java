package dev.tombolo.kvstore.publish;

import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
    private final Set<Long> roomy = new LinkedHashSet<>();

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
        long lease = roomy.isEmpty() ? grant() : roomy.iterator().next();
        var keys = keysByLease.get(lease);
        keys.add(key);
        leaseByKey.put(key, lease);
        if (keys.size() == MOST_KEYS) {
            roomy.remove(lease);
        }
        return lease;
    }

    private long grant() throws KvException {
        long lease = store.grantLease(timeToLive);
        keysByLease.put(lease, new HashSet<>());
        roomy.add(lease);
        return lease;
    }

    boolean holds(String key) {
        return leaseByKey.containsKey(key);
    }

    void release(String key) {
        Long lease = leaseByKey.remove(key);
        if (lease != null) {
            keysByLease.get(lease).remove(key);
            roomy.add(lease);
        }
    }

    /** Forgets the lease of a key and with it every key on it. */
    void forgetLeaseOf(String key) {
        Long lease = leaseByKey.get(key);
        if (lease != null) {
            forget(lease);
        }
    }

    void forget(long lease) {
        roomy.remove(lease);
        var keys = keysByLease.remove(lease);
        if (keys != null) {
            keys.forEach(leaseByKey::remove);
        }
    }

    List<Long> leases() {
        return new ArrayList<>(keysByLease.keySet());
    }
}
