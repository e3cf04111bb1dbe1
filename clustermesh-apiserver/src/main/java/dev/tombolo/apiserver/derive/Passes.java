package dev.tombolo.apiserver.derive;

import dev.tombolo.reconciler.loop.LoopThread;
import dev.tombolo.reconciler.table.Subscription;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Calls a controller's pass whenever one of its tables changed, and after each interval. One virtual thread of its own;
 * a pass that fails is made again after a moment that grows.
 */
public final class Passes implements AutoCloseable {
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final Pass pass;
    private final Pace pace;
    private final Failures failures;
    private final Thread thread;
    private final Object signal = new Object();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private boolean pending = true;
    private volatile boolean closed;
    private volatile String lastError = "";

    /**
     * How often a pass is made.
     *
     * @param least time from the end of a pass to the next one, however much changes meanwhile
     * @param most time without one, even if nothing changes
     */
    public record Pace(Duration least, Duration most) {}

    /** One look at everything, and what follows from it. */
    public interface Pass {
        void run() throws IOException;
    }

    /** Told when a pass fails for a new reason, and with an empty text once it works again. */
    public interface Failures {
        void changed(String name, String reason);
    }

    private Passes(String name, Pace pace, Failures failures, Pass pass) {
        this.pass = pass;
        this.pace = pace;
        this.failures = failures;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    public static Passes start(String name, Duration interval, List<Table<?, ?>> tables, Failures failures, Pass pass) {
        return start(name, new Pace(Duration.ZERO, interval), tables, failures, pass);
    }

    public static Passes start(String name, Pace pace, List<Table<?, ?>> tables, Failures failures, Pass pass) {
        var passes = new Passes(name, pace, failures, pass);
        tables.forEach(table -> passes.subscriptions.add(table.onChange(passes::wake)));
        passes.thread.start();
        return passes;
    }

    public void wake() {
        synchronized (signal) {
            pending = true;
            signal.notifyAll();
        }
    }

    public Optional<String> lastError() {
        return Optional.of(lastError).filter(text -> !text.isEmpty());
    }

    @Override
    public void close() {
        closed = true;
        subscriptions.forEach(Subscription::close);
        LoopThread.end(thread, LONGEST_CLOSE);
    }

    private void run() {
        Duration retry = FIRST_RETRY;
        try {
            while (!closed) {
                if (attempt()) {
                    retry = FIRST_RETRY;
                    Thread.sleep(pace.least());
                    await(pace.most());
                } else {
                    Thread.sleep(retry);
                    retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) < 0 ? retry.multipliedBy(2) : LONGEST_RETRY;
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean attempt() {
        try {
            synchronized (signal) {
                pending = false;
            }
            pass.run();
            become("");
            return true;
        } catch (IOException | RuntimeException failure) {
            become(failure.getMessage() == null ? failure.toString() : failure.getMessage());
            return false;
        }
    }

    private void become(String error) {
        if (!error.equals(lastError)) {
            lastError = error;
            failures.changed(thread.getName(), error);
        }
    }

    private void await(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        synchronized (signal) {
            while (!pending) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return;
                }
                signal.wait(left);
            }
        }
    }
}
