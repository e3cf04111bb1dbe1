package dev.tombolo.reconciler.loop;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Rows that failed, and when each is tried again: sooner at first, then ever later. Safe for use by many threads. */
final class Retries<K> {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Map<K, Failure> failures = new HashMap<>();
    private final Clock clock;
    private final RandomGenerator jitter;

    Retries(Clock clock, RandomGenerator jitter) {
        this.clock = clock;
        this.jitter = jitter;
    }

    synchronized Map<K, Failure> failures() {
        return Map.copyOf(failures);
    }

    synchronized Set<K> due() {
        Instant now = clock.instant();
        var due = new HashSet<K>();
        failures.forEach((key, failure) -> {
            if (!failure.nextAttempt().isAfter(now)) {
                due.add(key);
            }
        });
        return due;
    }

    /** The first attempt that is waited for, or {@code latest}. */
    synchronized Instant next(Instant latest) {
        Instant next = latest;
        for (Failure failure : failures.values()) {
            next = failure.nextAttempt().isBefore(next) ? failure.nextAttempt() : next;
        }
        return next;
    }

    synchronized void keepOnly(Set<K> keys) {
        failures.keySet().retainAll(keys);
    }

    synchronized void note(Set<K> attempted, Map<K, IOException> failed) {
        if (failures.isEmpty() && failed.isEmpty()) {
            return;
        }
        for (K key : attempted) {
            var failure = failed.get(key);
            if (failure == null) {
                failures.remove(key);
            } else {
                failures.put(key, after(failures.get(key), failure));
            }
        }
    }

    /** The failure that follows {@code previous}, which may be null. */
    Failure after(Failure previous, Exception cause) {
        int attempts = previous == null ? 1 : previous.attempts() + 1;
        long ceiling = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(attempts - 1, 20));
        Instant now = clock.instant();
        Instant next = now.plusMillis(ceiling / 2 + jitter.nextLong(ceiling / 2 + 1));
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new Failure(reason, attempts, previous == null ? now : previous.since(), next);
    }
}
