package dev.tombolo.benchmarks.bgp;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what has to come, and says what has not. */
final class Waiting {
    static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration BETWEEN = Duration.ofMillis(5);

    private Waiting() {}

    static void until(String what, BooleanSupplier condition) {
        until(what, BETWEEN, condition);
    }

    /** Each look costs a router time that it then does not have for routes. */
    static void until(String what, Duration between, BooleanSupplier condition) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited " + LONGEST.toSeconds() + " s for " + what);
            }
            LockSupport.parkNanos(between.toNanos());
        }
    }

    /** Milliseconds from before something is done until something is so. */
    static double time(String what, Duration between, Runnable done, BooleanSupplier condition) {
        long start = System.nanoTime();
        done.run();
        until(what, between, condition);
        return (System.nanoTime() - start) / 1e6;
    }
}
