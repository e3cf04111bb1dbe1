package dev.tombolo.model.bgp;

import java.time.Duration;

/**
 * How soon the loss of a router is noticed (RFC 5880).
 *
 * @param interval between two packets, both ways
 * @param multiplier how many of them may be missed, 2–255
 */
public record BfdTiming(Duration interval, int multiplier) {
    static final Duration SHORTEST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofSeconds(60);
    static final int FEWEST = 2;
    static final int MOST = 255;
    public static final BfdTiming DEFAULT = new BfdTiming(Duration.ofMillis(300), 3);

    public BfdTiming {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("an interval of " + interval + " is not within 100 ms to 60 s");
        }
        if (multiplier < FEWEST || multiplier > MOST) {
            throw new IllegalArgumentException("a multiplier of " + multiplier + " is not within 2–255");
        }
    }

    /** The one that notices sooner. */
    public static BfdTiming quicker(BfdTiming one, BfdTiming other) {
        return one.detection().compareTo(other.detection()) <= 0 ? one : other;
    }

    private Duration detection() {
        return interval.multipliedBy(multiplier);
    }
}
