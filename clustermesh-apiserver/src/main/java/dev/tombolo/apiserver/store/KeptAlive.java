package dev.tombolo.apiserver.store;

import dev.tombolo.kvstore.publish.LeasedPrefixTarget;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.reconciler.loop.Reconciler;
import java.time.Duration;

/** Renews a target's leases three times within their time; a lost one makes everything be written again. */
final class KeptAlive implements AutoCloseable {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final LeasedPrefixTarget target;
    private final Duration interval;
    private final Reconciler<String, Value> reconciler;
    private final Thread thread;

    private KeptAlive(String name, LeasedPrefixTarget target, Duration interval, Reconciler<String, Value> reconciler) {
        this.target = target;
        this.interval = interval;
        this.reconciler = reconciler;
        this.thread = Thread.ofVirtual().name("keep alive " + name).unstarted(this::run);
    }

    static KeptAlive start(
            String name, LeasedPrefixTarget target, Duration lease, Reconciler<String, Value> reconciler) {
        var keptAlive = new KeptAlive(name, target, lease.dividedBy(3), reconciler);
        keptAlive.thread.start();
        return keptAlive;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(renewed() ? interval : interval.compareTo(RETRY) < 0 ? interval : RETRY);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean renewed() {
        try {
            if (!target.keepAlive()) {
                reconciler.requestFullPass();
            }
            return true;
        } catch (KvException unreachable) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
