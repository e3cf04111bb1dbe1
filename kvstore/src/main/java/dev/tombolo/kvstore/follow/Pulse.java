package dev.tombolo.kvstore.follow;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Whether a source's heartbeat is on time. Used by one thread. */
final class Pulse {
    private final Duration overdue;
    private final Clock clock;
    private Instant last = Instant.MIN;

    Pulse(Duration overdue, Clock clock) {
        this.overdue = overdue;
        this.clock = clock;
    }

    void beat() {
        last = clock.instant();
    }

    /** Its lease ran out. */
    void stop() {
        last = Instant.MIN;
    }

    boolean isAlive() {
        return !last.equals(Instant.MIN) && !clock.instant().isAfter(last.plus(overdue));
    }

    /** How long to wait before looking again. */
    Duration untilOverdue() {
        return isAlive() ? Duration.between(clock.instant(), last.plus(overdue)).plusMillis(1) : overdue;
    }

    @Override
    public String toString() {
        return "no heartbeat for " + overdue.toMillis() + " ms";
    }
}
