package dev.tombolo.apiserver.publish;

import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.publish.LeasedPrefixTarget;
import dev.tombolo.kvstore.store.KvException;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes {@code cilium/.heartbeat} at an interval: the only sign of life that readers look for. */
public final class Heartbeat implements AutoCloseable {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final LeasedPrefixTarget target;
    private final Duration interval;
    private final Clock clock;
    private final Thread thread;
    private volatile Instant last = Instant.MIN;

    private Heartbeat(KvStore store, Duration lease, Duration interval, Clock clock) {
        this.target = new LeasedPrefixTarget(store, MeshKeys.HEARTBEAT, lease);
        this.interval = interval;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("heartbeat").unstarted(this::run);
    }

    public static Heartbeat start(KvStore store, Duration lease, Duration interval, Clock clock) {
        var heartbeat = new Heartbeat(store, lease, interval, clock);
        heartbeat.thread.start();
        return heartbeat;
    }

    /** When etcd took one last. */
    public Instant last() {
        return last;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(beat() ? interval : RETRY);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean beat() {
        try {
            renewLease();
            Instant now = clock.instant();
            target.put(
                    MeshKeys.HEARTBEAT,
                    Value.of(now.truncatedTo(ChronoUnit.MILLIS).toString()));
            last = now;
            return true;
        } catch (IOException unreachable) {
            return false;
        }
    }

    private void renewLease() throws KvException {
        target.keepAlive();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
