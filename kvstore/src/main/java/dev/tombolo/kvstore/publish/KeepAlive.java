package dev.tombolo.kvstore.publish;

import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.kvstore.store.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What has to be said again and again as long as this process lives: the heartbeat, the leases of everything published,
 * and the few single keys (cluster-config, canaries) that are put back when they are lost.
 *
 * <p>One virtual thread of its own; {@link #close()} ends it and lets the leases run out.
 */
public final class KeepAlive implements AutoCloseable {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(15);

    private final KvStore store;
    private final Duration timeToLive;
    private final Duration interval;
    private final Clock clock;
    private final Consumer<KvException> failures;
    private final Map<String, Value> pinned = new ConcurrentHashMap<>();
    private final Map<LeasedPrefixTarget, Runnable> targets = new ConcurrentHashMap<>();
    private final Thread thread;
    private long lease = -1;
    private volatile boolean closed;

    /**
     * @param interval between heartbeats; leases are kept alive as often, so it must be well below {@code timeToLive}
     * @param failures told of each beat that could not be written
     */
    public KeepAlive(
            KvStore store, Duration timeToLive, Duration interval, Clock clock, Consumer<KvException> failures) {
        this.store = store;
        this.timeToLive = timeToLive;
        this.interval = interval;
        this.clock = clock;
        this.failures = failures;
        this.thread = Thread.ofVirtual().name("heartbeat").unstarted(this::run);
    }

    public KeepAlive start() {
        thread.start();
        return this;
    }

    /** Keeps the leases of a target alive; {@code onLoss} has to ask for a full pass. */
    public void keep(LeasedPrefixTarget target, Runnable onLoss) {
        targets.put(target, onLoss);
    }

    /** Puts a key now and again with every beat, so that it comes back when somebody removes or changes it. */
    public synchronized void pin(String key, Value value) throws KvException {
        pinned.put(key, value);
        store.commit(List.of(Write.put(key, value, lease())));
    }

    /** Writes a canary: everything below the prefix it names is complete. */
    public void canary(String key) throws KvException {
        pin(key, now());
    }

    public synchronized void unpin(String key) throws KvException {
        pinned.remove(key);
        store.commit(List.of(Write.delete(key)));
    }

    private void run() {
        while (!closed) {
            try {
                beat();
            } catch (KvException failure) {
                failures.accept(failure);
            }
            try {
                Thread.sleep(interval);
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    /** One heartbeat, with everything that goes with it. */
    synchronized void beat() throws KvException {
        try {
            if (lease >= 0) {
                store.keepAlive(lease);
            }
        } catch (KvException failure) {
            if (failure.kind() != KvException.Kind.LEASE_LOST) {
                throw failure;
            }
            lease = -1;
        }
        for (var target : targets.entrySet()) {
            if (!target.getKey().keepAlive()) {
                target.getValue().run();
            }
        }
        store.commit(List.of(Write.put(MeshKeys.HEARTBEAT, now(), lease())));
        for (var key : pinned.entrySet()) {
            if (!store.get(key.getKey()).filter(key.getValue()::equals).isPresent()) {
                store.commit(List.of(Write.put(key.getKey(), key.getValue(), lease())));
            }
        }
    }

    private long lease() throws KvException {
        if (lease < 0) {
            lease = store.grantLease(timeToLive);
        }
        return lease;
    }

    private Value now() {
        return Value.of(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(LONGEST_CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
