package dev.tombolo.reconciler.loop;

import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Keeps one {@link Target} equal to one {@link Table}. Does nothing until the table is initialized, so that an empty or
 * unreachable source never empties the target. Then: a full pass (observe, touch only the difference), incremental
 * passes as rows change, and another full pass after each interval, which repairs drift. Changes that come while a full
 * pass reads are made at once, where the target can be changed then.
 *
 * <p>{@link #applied()} holds the rows that are known to be in the target; plans that depend on them read that table.
 * One virtual thread of its own calls the target; {@link #close()} stops it and leaves the target as it is.
 */
public final class Reconciler<K extends Comparable<? super K>, V> implements AutoCloseable {
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final Table<K, V> desired;
    private final Target<K, V> target;
    private final Table<K, V> applied;
    private final Duration fullPassInterval;
    private final Clock clock;
    private final Retries<K> retries;
    private final AtomicLong operations = new AtomicLong();
    private final Set<K> again = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private Consumer<Duration> took = _ -> {};
    private volatile Optional<Failure> observeFailure = Optional.empty();
    private volatile boolean fullPassRequested = true;
    private volatile boolean closed;
    private Instant nextFullPass = Instant.MIN;
    private long seenRevision = -1;
    private boolean observed;

    public Reconciler(
            Table<K, V> desired, Target<K, V> target, Duration fullPassInterval, Clock clock, RandomGenerator jitter) {
        this.desired = desired;
        this.target = target;
        this.applied = new Table<>(desired.name() + " (applied)");
        this.fullPassInterval = fullPassInterval;
        this.clock = clock;
        this.retries = new Retries<>(clock, jitter);
        this.thread = Thread.ofVirtual().name("reconcile " + desired.name()).unstarted(this::run);
    }

    /**
     * Tells how long changes took from outside to the target, one time for each pass: that of its oldest change. To be
     * called before {@link #start()}; full passes are not told of.
     */
    public Reconciler<K, V> timedBy(Consumer<Duration> listener) {
        took = listener;
        return this;
    }

    public Reconciler<K, V> start() {
        thread.start();
        return this;
    }

    /** Rows known to be in the target, initialized after the first full pass. */
    public Table<K, V> applied() {
        return applied;
    }

    /** Rows that could not be applied, and why. */
    public Map<K, Failure> failures() {
        return retries.failures();
    }

    /** Why the target could not be read at the last full pass, if it could not. */
    public Optional<Failure> observeFailure() {
        return observeFailure;
    }

    /** Puts and removals made so far. */
    public long operations() {
        return operations.get();
    }

    /** Asks for this row to be made as it should be now: the target put off what it was asked to, and can do it by now. */
    public void reconsider(K key) {
        again.add(key);
        synchronized (desired) {
            desired.notifyAll();
        }
    }

    /** Asks for a full pass now, because the target may have been changed or restarted behind our back. */
    public void requestFullPass() {
        fullPassRequested = true;
        synchronized (desired) {
            desired.notifyAll();
        }
    }

    @Override
    public void close() {
        closed = true;
        LoopThread.end(thread, LONGEST_CLOSE);
    }

    private void run() {
        try {
            while (!closed) {
                if (desired.initialized()) {
                    pass();
                }
                awaitWork();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitWork() throws InterruptedException {
        synchronized (desired) {
            while (!closed && !hasWork()) {
                desired.wait(millisToNextWork());
            }
        }
    }

    private boolean hasWork() {
        if (!desired.initialized()) {
            return false;
        }
        boolean fullPassIsDue = !clock.instant().isBefore(nextFullPass);
        boolean wanted = fullPassRequested && observeFailure.isEmpty();
        return fullPassIsDue || wanted || observed && hasChanges();
    }

    private boolean hasChanges() {
        return desired.snapshot().revision() > seenRevision
                || !again.isEmpty()
                || !retries.due().isEmpty();
    }

    private long millisToNextWork() {
        Instant next = retries.next(
                desired.initialized() ? nextFullPass : clock.instant().plus(fullPassInterval));
        return Math.max(1, Duration.between(clock.instant(), next).toMillis());
    }

    /** What changed does not wait until all of the target is read. */
    private void pass() {
        if (observed && hasChanges()) {
            incrementalPass();
        }
        boolean full = (fullPassRequested && observeFailure.isEmpty())
                || !clock.instant().isBefore(nextFullPass);
        if (full) {
            fullPass();
        }
    }

    private void fullPass() {
        fullPassRequested = false;
        nextFullPass = clock.instant().plus(fullPassInterval);
        again.clear();
        var meanwhile = new HashSet<K>();
        Map<K, V> actual;
        try {
            actual = target.observe(() -> keepUp(meanwhile));
            observeFailure = Optional.empty();
            observed = true;
        } catch (IOException | RuntimeException failure) {
            var failed = retries.after(observeFailure.orElse(null), failure);
            observeFailure = Optional.of(failed);
            nextFullPass = failed.nextAttempt();
            return;
        }
        var snapshot = desired.snapshot();
        seenRevision = snapshot.revision();
        var difference = FullDifference.of(snapshot, applied.snapshot(), actual, meanwhile);
        applied.apply(difference.found(), difference.lost());
        retries.keepOnly(difference.puts().keySet());
        change(difference.gone(), difference.puts(), System.nanoTime());
        applied.markInitialized();
    }

    /** Changes do not wait until all of a large target is read. Before it was read once, nothing is written. */
    private void keepUp(Set<K> meanwhile) {
        if (observed && !closed && (desired.snapshot().revision() > seenRevision || !again.isEmpty())) {
            meanwhile.addAll(incrementalPass());
        }
    }

    /** Returns the keys of the rows that it made so. */
    private Set<K> incrementalPass() {
        var changes = desired.changesSince(seenRevision);
        if (!changes.complete()) {
            fullPassRequested = true;
            return Set.of();
        }
        seenRevision = changes.snapshot().revision();
        Set<K> keys = new LinkedHashSet<>(changes.keys());
        keys.addAll(retries.due());
        again.stream().filter(again::remove).forEach(keys::add);
        var gone = new HashSet<K>();
        var puts = new LinkedHashMap<K, V>();
        for (K key : keys) {
            changes.snapshot().get(key).ifPresentOrElse(value -> puts.put(key, value), () -> gone.add(key));
        }
        change(gone, puts, changes.since());
        if (!changes.keys().isEmpty()) {
            took.accept(Duration.ofNanos(System.nanoTime() - changes.since()));
        }
        return keys;
    }

    private void change(Set<K> gone, Map<K, V> puts, long since) {
        if (gone.isEmpty() && puts.isEmpty()) {
            return;
        }
        var failed = attempt(gone, puts);
        retries.note(gone, failed);
        retries.note(puts.keySet(), failed);
        var removed = gone;
        var made = puts;
        if (!failed.isEmpty()) {
            removed = new HashSet<>(gone);
            removed.removeAll(failed.keySet());
            made = new LinkedHashMap<>(puts);
            made.keySet().removeAll(failed.keySet());
        }
        applied.apply(made, removed, since);
        operations.addAndGet(gone.size() + puts.size());
    }

    /** A target that throws has failed for every row it was given: one bad row must not end the loop. */
    private Map<K, IOException> attempt(Set<K> gone, Map<K, V> puts) {
        try {
            return target.change(gone, puts);
        } catch (RuntimeException failure) {
            var failed = new HashMap<K, IOException>();
            gone.forEach(key -> failed.put(key, new IOException(failure.toString(), failure)));
            puts.keySet().forEach(key -> failed.put(key, new IOException(failure.toString(), failure)));
            return failed;
        }
    }
}
