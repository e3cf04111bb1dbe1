package dev.tombolo.bgp.bfd.protocol;

import java.time.Duration;

/** A reading of a clock that only goes forward, such as {@link System#nanoTime()}. */
public record Moment(long nanos) {
    public Moment plus(Duration duration) {
        return new Moment(nanos + duration.toNanos());
    }

    /** Right across an overflow too, as {@link System#nanoTime()} asks for. */
    public boolean isAfter(Moment other) {
        return nanos - other.nanos > 0;
    }

    public Duration since(Moment earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }
}
