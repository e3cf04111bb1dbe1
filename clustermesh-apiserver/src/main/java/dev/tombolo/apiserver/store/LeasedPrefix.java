package dev.tombolo.apiserver.store;

import dev.tombolo.kvstore.publish.LeasedPrefixTarget;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** A prefix of the cluster's own etcd kept equal to a table of full keys, on leases. Owns the threads that do it. */
public final class LeasedPrefix implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofMinutes(5);

    private final Table<String, Value> rows;
    private final Reconciler<String, Value> reconciler;
    private final KeptAlive keptAlive;

    private LeasedPrefix(Table<String, Value> rows, Reconciler<String, Value> reconciler, KeptAlive keptAlive) {
        this.rows = rows;
        this.reconciler = reconciler;
        this.keptAlive = keptAlive;
    }

    /** Starts; nothing is removed before {@code rows} is initialized. */
    public static LeasedPrefix start(
            KvStore store, String prefix, Duration lease, Table<String, Value> rows, Clock clock) {
        var target = new LeasedPrefixTarget(store, prefix, lease);
        var reconciler = new Reconciler<>(rows, target, FULL_PASS, clock, RandomGenerator.getDefault()).start();
        return new LeasedPrefix(rows, reconciler, KeptAlive.start(prefix, target, lease, reconciler));
    }

    public Table<String, Value> rows() {
        return rows;
    }

    /** What is known to be in the store. */
    public Table<String, Value> applied() {
        return reconciler.applied();
    }

    /** Whether a whole pass succeeded: what others left is swept, and every row is written. */
    public boolean inSync() {
        return applied().initialized() && reconciler.failures().isEmpty();
    }

    /** What could not be written, for health; empty when all is well. */
    public java.util.Optional<String> problem() {
        return reconciler
                .observeFailure()
                .map(dev.tombolo.reconciler.loop.Failure::reason)
                .or(() -> reconciler.failures().entrySet().stream()
                        .findFirst()
                        .map(failed ->
                                failed.getKey() + ": " + failed.getValue().reason()));
    }

    @Override
    public void close() {
        keptAlive.close();
        reconciler.close();
    }
}
