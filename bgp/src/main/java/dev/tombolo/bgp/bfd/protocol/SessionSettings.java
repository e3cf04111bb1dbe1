package dev.tombolo.bgp.bfd.protocol;

import java.time.Duration;

/**
 * What is wanted of a session.
 *
 * @param transmit how often we would send while Up, if the neighbour takes as much
 * @param receive how often we are able to receive
 * @param multiplier packets that may get lost before the neighbour gives us up, 1–255
 */
public record SessionSettings(Duration transmit, Duration receive, int multiplier, Role role) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int MOST_LOST = 255;
    private static final Duration USUAL = Duration.ofMillis(300);

    /** A failure is noticed within 0.9 s. */
    public static final SessionSettings DEFAULT = every(USUAL, 3);

    /** The same both ways, and speaking first. */
    public static SessionSettings every(Duration interval, int multiplier) {
        return new SessionSettings(interval, interval, multiplier, Role.ACTIVE);
    }

    public SessionSettings {
        requireWithin(transmit);
        requireWithin(receive);
        if (multiplier < 1 || multiplier > MOST_LOST) {
            throw new IllegalArgumentException("a multiplier is 1–255, not " + multiplier);
        }
    }

    /** Whether we speak first (RFC 5880, 6.1). */
    public enum Role {
        ACTIVE,
        /** Silent until the neighbour has been heard. */
        PASSIVE
    }

    private static void requireWithin(Duration interval) {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("an interval is 10 ms to 60 s, not " + interval.toMillis() + " ms");
        }
    }
}
