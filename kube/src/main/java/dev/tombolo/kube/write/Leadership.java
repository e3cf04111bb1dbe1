package dev.tombolo.kube.write;

import dev.tombolo.kube.write.LeaseStore.Held;
import dev.tombolo.reconciler.loop.LoopThread;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * One candidate for leadership by a Lease. Has its own virtual thread, on which the callbacks run; leadership ends
 * when the lease could not be renewed in time, before another candidate can take it.
 */
public final class Leadership implements AutoCloseable {
    private final LeaseStore store;
    private final String identity;
    private final Timing timing;
    private final InstantSource clock;
    private final Callbacks callbacks;
    private final Thread thread;
    private volatile boolean leading;
    private volatile String lastError = "";
    private Held seen;
    private Instant seenAt = Instant.EPOCH;
    private Instant renewedAt = Instant.EPOCH;

    private Leadership(LeaseStore store, String identity, Timing timing, InstantSource clock, Callbacks callbacks) {
        this.store = store;
        this.identity = identity;
        this.timing = timing;
        this.clock = clock;
        this.callbacks = callbacks;
        this.thread = Thread.ofVirtual().name("leadership").unstarted(this::run);
    }

    /**
     * How long things take.
     *
     * @param lasts how long a lease that is not renewed keeps others away
     * @param renewWithin how long a leader goes on without renewing
     * @param every between two attempts
     */
    public record Timing(Duration lasts, Duration renewWithin, Duration every) {
        public static final Timing DEFAULT =
                new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }

    /** Told of leadership on the election's own thread; both must return soon. */
    public interface Callbacks {
        void started();

        void stopped();
    }

    static Leadership start(
            LeaseStore store, String identity, Timing timing, InstantSource clock, Callbacks callbacks) {
        var leadership = new Leadership(store, identity, timing, clock, callbacks);
        leadership.thread.start();
        return leadership;
    }

    public boolean leading() {
        return leading;
    }

    public Optional<String> lastError() {
        return Optional.of(lastError).filter(text -> !text.isEmpty());
    }

    @Override
    public void close() {
        LoopThread.end(thread, timing.lasts());
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                attempt();
                Thread.sleep(timing.every());
            }
        } catch (InterruptedException closed) {
            Thread.interrupted();
        }
        giveUp();
    }

    private void attempt() {
        Instant now = clock.instant();
        try {
            if (acquire(now)) {
                renewedAt = now;
            }
            lastError = "";
        } catch (IOException unreachable) {
            lastError = unreachable.getMessage();
        }
        become(renewedAt.plus(timing.renewWithin()).isAfter(clock.instant()));
    }

    private boolean acquire(Instant now) throws IOException {
        var current = store.read();
        if (current.isEmpty()) {
            return store.write(new Held(identity, now, timing.lasts(), 0, ""));
        }
        remember(current.get(), now);
        if (!isMine() && !isFree(now)) {
            renewedAt = Instant.EPOCH;
            return false;
        }
        int transitions = seen.transitions() + (isMine() ? 0 : 1);
        return store.write(new Held(identity, now, timing.lasts(), transitions, seen.version()));
    }

    // The other's clock is not ours: what counts is how long we have seen the lease unchanged.
    private void remember(Held current, Instant now) {
        if (!current.equals(seen)) {
            seen = current;
            seenAt = now;
        }
    }

    private boolean isMine() {
        return seen.holder().equals(identity);
    }

    private boolean isFree(Instant now) {
        return seen.holder().isEmpty() || seenAt.plus(seen.lasts()).isBefore(now);
    }

    private void become(boolean leader) {
        if (leader == leading) {
            return;
        }
        leading = leader;
        if (leader) {
            callbacks.started();
        } else {
            callbacks.stopped();
        }
    }

    private void giveUp() {
        boolean led = leading;
        become(false);
        if (!led) {
            return;
        }
        try {
            var current = store.read();
            if (current.isPresent() && current.get().holder().equals(identity)) {
                Held mine = current.get();
                store.write(new Held("", clock.instant(), Duration.ofSeconds(1), mine.transitions(), mine.version()));
            }
        } catch (IOException unreachable) {
            lastError = unreachable.getMessage();
        }
    }
}
