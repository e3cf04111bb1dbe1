package dev.tombolo.reconciler.derive;

import dev.tombolo.reconciler.loop.LoopThread;
import dev.tombolo.reconciler.table.Subscription;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one table equal to a pure plan over other tables, row by row: a changed input row makes only the output rows it
 * affects be planned again. The output is initialized once every input is and every row has been planned.
 *
 * <p>One virtual thread of its own plans and writes; it is the only writer of the output. A plan that throws is a fault of
 * ours: it is logged and shown, the output stays as it is, and everything is planned again soon, or at the next change.
 */
public final class Derivation<K extends Comparable<? super K>, V> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Derivation.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Table<K, V> output;
    private final List<Input<?, ?, K>> inputs;
    private final Supplier<? extends Collection<K>> allKeys;
    private final Function<K, Optional<V>> row;
    private final Optional<Replan<K, V>> replan;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final Object signal = new Object();
    private final Thread thread;
    private boolean pending = true;
    private boolean lostTrack;
    private boolean replanned;
    private volatile Optional<String> failure = Optional.empty();
    private volatile boolean closed;

    private Derivation(Builder<K, V> builder) {
        output = builder.output;
        inputs = List.copyOf(builder.inputs);
        allKeys = builder.allKeys;
        row = builder.row;
        replan = Optional.ofNullable(builder.replan);
        thread = Thread.ofVirtual().name("derive " + output.name()).unstarted(this::run);
    }

    public static <K extends Comparable<? super K>, V> Builder<K, V> into(Table<K, V> output) {
        return new Builder<>(output);
    }

    /** Why nothing was planned the last time, if the plan failed; what was planned before stands until it does not. */
    public Optional<String> failure() {
        return failure;
    }

    @Override
    public void close() {
        closed = true;
        subscriptions.forEach(Subscription::close);
        LoopThread.end(thread, LONGEST_CLOSE);
    }

    private void start() {
        inputs.forEach(input -> subscriptions.add(input.table.onChange(this::wake)));
        thread.start();
    }

    private void wake() {
        synchronized (signal) {
            // One that has not begun yet sees this change too; to wake it again would cost as much as planning a row.
            if (!pending) {
                pending = true;
                signal.notifyAll();
            }
        }
    }

    private void run() {
        try {
            while (!closed) {
                awaitChange();
                attempt();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitChange() throws InterruptedException {
        synchronized (signal) {
            while (!pending && !lostTrack) {
                signal.wait();
            }
            if (!pending) {
                signal.wait(RETRY.toMillis());
            }
            pending = false;
        }
    }

    /** A fault in a plan must not end the thread: its table would stay as it is for ever, and nobody would know why. */
    private void attempt() {
        try {
            plan();
            lostTrack = false;
            failure = Optional.empty();
        } catch (RuntimeException fault) {
            lostTrack = true;
            String reason = output.name() + " cannot be planned: " + fault;
            if (!failure.equals(Optional.of(reason))) {
                LOG.error(reason, fault);
            }
            failure = Optional.of(reason);
        }
    }

    private void plan() {
        boolean initialized = inputs.stream().allMatch(input -> input.table.initialized());
        Set<K> affected = new HashSet<>();
        boolean everything = lostTrack;
        long since = System.nanoTime();
        for (Input<?, ?, K> input : inputs) {
            everything |= !input.collect(affected);
            since = input.since - since < 0 ? input.since : since;
        }
        if (replan.isPresent()) {
            if (everything || !affected.isEmpty()) {
                write(replan.get(), since);
            }
        } else {
            if (everything) {
                output.snapshot().forEach(entry -> affected.add(entry.getKey()));
                affected.addAll(allKeys.get());
            }
            write(affected, since);
        }
        if (initialized) {
            output.markInitialized();
        }
    }

    private void write(Set<K> affected, long since) {
        var puts = new LinkedHashMap<K, V>();
        var removals = new HashSet<K>();
        for (K key : affected) {
            row.apply(key).ifPresentOrElse(value -> puts.put(key, value), () -> removals.add(key));
        }
        output.apply(puts, removals, since);
    }

    private void write(Replan<K, V> plan, long since) {
        if (replanned && !lostTrack) {
            var changes = plan.changes();
            output.apply(changes.puts(), changes.removals(), since);
            return;
        }
        var rows = plan.all();
        var removals = new HashSet<K>();
        output.snapshot().forEach(entry -> removals.add(entry.getKey()));
        removals.removeAll(rows.keySet());
        output.apply(rows, removals, since);
        replanned = true;
    }

    private static final class Input<A extends Comparable<? super A>, B, K> {
        private final Table<A, B> table;
        private final Function<A, ? extends Collection<K>> affected;
        private long seen = -1;
        private long since;

        Input(Table<A, B> table, Function<A, ? extends Collection<K>> affected) {
            this.table = table;
            this.affected = affected;
        }

        /** Adds the output keys affected by what changed; false when every output row has to be planned. */
        boolean collect(Set<K> keys) {
            boolean first = seen < 0;
            var changes = table.changesSince(seen);
            seen = changes.snapshot().revision();
            since = first ? System.nanoTime() : changes.since();
            if (first
                    || !changes.complete()
                    || (affected == null && !changes.keys().isEmpty())) {
                return false;
            }
            changes.keys().forEach(key -> keys.addAll(affected.apply(key)));
            return true;
        }
    }

    /** Collects what a derivation depends on. */
    public static final class Builder<K extends Comparable<? super K>, V> {
        private final Table<K, V> output;
        private final List<Input<?, ?, K>> inputs = new ArrayList<>();
        private Supplier<? extends Collection<K>> allKeys = List::of;
        private Function<K, Optional<V>> row = key -> Optional.empty();
        private Replan<K, V> replan;

        private Builder(Table<K, V> output) {
            this.output = output;
        }

        /** A change of an input row affects the output rows that {@code affected} names. */
        public <A extends Comparable<? super A>, B> Builder<K, V> from(
                Table<A, B> table, Function<A, ? extends Collection<K>> affected) {
            inputs.add(new Input<>(table, affected));
            return this;
        }

        /** Any change of this table makes every row be planned again: for small tables that seldom change. */
        public <A extends Comparable<? super A>, B> Builder<K, V> fromAll(Table<A, B> table) {
            inputs.add(new Input<>(table, null));
            return this;
        }

        /** The keys that output rows may have, computed from the inputs; stale output rows are added by themselves. */
        public Builder<K, V> keys(Supplier<? extends Collection<K>> keys) {
            allKeys = keys;
            return this;
        }

        /** The plan of one row from the inputs' current snapshots; empty removes the row. */
        public Builder<K, V> row(Function<K, Optional<V>> plan) {
            row = plan;
            return this;
        }

        /** The whole-table form: the plan is computed at once and again at any change of an input. */
        public Derivation<K, V> startWhole(Supplier<Map<K, V>> plan) {
            var whole = new Object() {
                Map<K, V> planned = Map.of();
            };
            keys(() -> {
                whole.planned = plan.get();
                return whole.planned.keySet();
            });
            row(key -> Optional.ofNullable(whole.planned.get(key)));
            return start();
        }

        /** The form of a plan that tells what changes itself: it is asked at any change of an input. */
        public Derivation<K, V> start(Replan<K, V> plan) {
            replan = plan;
            return start();
        }

        public Derivation<K, V> start() {
            var derivation = new Derivation<>(this);
            derivation.start();
            return derivation;
        }
    }
}
