package dev.tombolo.kvstore.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A key-value store with revisions, leases and watches: etcd, or its twin in memory. Calls block, and each ends within a
 * bounded time. Implementations are thread-safe.
 */
public interface KvStore extends AutoCloseable {
    /** etcd's own limit of operations in one transaction. */
    int MOST_WRITES = 128;

    Optional<Value> get(String key) throws KvException;

    /** The value with the revision that a commit can be made to depend on. */
    Optional<Revised> getRevised(String key) throws KvException;

    /** All keys that begin with {@code prefix}, every page read at the revision of the first. */
    Listing list(String prefix) throws KvException;

    /** Makes at most {@link #MOST_WRITES} changes in one transaction. */
    void commit(List<Write> writes) throws KvException;

    /** Makes many transactions, several under way at a time; returns those that failed, by their place in the list. */
    Map<Integer, KvException> commitAll(List<List<Write>> batches);

    /**
     * Makes the changes in one transaction if every condition holds at that moment; otherwise changes nothing and returns
     * false.
     */
    boolean commitIf(List<Condition> conditions, List<Write> writes) throws KvException;

    /** Puts the value if the key does not exist; false if it does. */
    boolean create(String key, Value value) throws KvException;

    void deletePrefix(String prefix) throws KvException;

    /** Grants a lease whose keys vanish when it is not kept alive for {@code timeToLive}. */
    long grantLease(Duration timeToLive) throws KvException;

    /** Keeps a lease alive once; {@link KvException.Kind#LEASE_LOST} if it is gone. */
    void keepAlive(long lease) throws KvException;

    void revokeLease(long lease) throws KvException;

    /** Watches a prefix from a revision on; closing the result ends it. */
    AutoCloseable watch(String prefix, long fromRevision, WatchListener listener) throws KvException;

    @Override
    void close();
}
