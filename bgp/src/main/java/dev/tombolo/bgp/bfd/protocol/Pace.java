package dev.tombolo.bgp.bfd.protocol;

import java.time.Duration;
import java.util.Optional;

/**
 * When a session last sent and heard.
 *
 * @param jitter of the gap that began with {@code sent}, 0 (none) to 1 (as much as is allowed)
 * @param heard empty before the first packet and after a detection time without any
 */
record Pace(Moment sent, double jitter, Optional<Moment> heard) {
    /** RFC 5880, 6.8.7: 75–100 % of the interval; never all of it where a single loss is a failure. */
    Moment nextTransmission(Duration interval, int multiplier) {
        double share = multiplier == 1 ? 0.90 - 0.15 * jitter : 1 - 0.25 * jitter;
        return sent.plus(Duration.ofNanos((long) (interval.toNanos() * share)));
    }

    Pace sentAt(Moment now, double nextJitter) {
        return new Pace(now, nextJitter, heard);
    }

    Pace heardAt(Moment now) {
        return new Pace(sent, jitter, Optional.of(now));
    }

    Pace unheard() {
        return new Pace(sent, jitter, Optional.empty());
    }
}
