package dev.tombolo.agent.egress.flow;

import java.time.Instant;

/** One moment on both clocks: the kernel's tells how long things take, the other one what people call it. */
record Moment(Instant now, long nanos) {
    Instant of(long then) {
        return now.minusNanos(nanos - then);
    }
}
