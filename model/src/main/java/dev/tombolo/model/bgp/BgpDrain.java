package dev.tombolo.model.bgp;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A node or a cluster that is to carry nothing soon: its routes ask for another way first, and are taken back when there was
 * time for that.
 *
 * @param since empty where nobody said when: then routes ask for another way and stay
 */
public record BgpDrain(Optional<Instant> since, Duration grace) {
    /** Of a Node and of a CiliumBGPClusterConfig; an ISO 8601 interval such as {@code 2026-01-02T03:04:05Z/PT30S}. */
    public static final String ANNOTATION = BgpAnnotations.PREFIX + "drain";

    public static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** How far it is; each takes more back than the one before. */
    public enum Stage {
        /** Not asked for. */
        SERVING,
        /** Routes have the community GRACEFUL_SHUTDOWN. */
        LEAVING,
        /** There are none. */
        GONE;

        public Stage or(Stage other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** From a beginning, perhaps with a duration; any other text asks to drain too, without a time to withdraw. */
    public static BgpDrain parse(String text) {
        return tryParse(text).orElse(new BgpDrain(Optional.empty(), GRACE));
    }

    static Optional<BgpDrain> tryParse(String text) {
        String[] parts = text.strip().split("/", 2);
        try {
            var grace = parts.length == 2 ? Duration.parse(parts[1]) : GRACE;
            var begin = Instant.parse(parts[0]);
            // Fails for an end that is after the end of time.
            begin.plus(LONGEST);
            return grace.isNegative() || grace.compareTo(LONGEST) > 0
                    ? Optional.empty()
                    : Optional.of(new BgpDrain(Optional.of(begin), grace));
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }

    /** When routes go; empty where they stay. */
    public Optional<Instant> end() {
        return since.map(begin -> begin.plus(grace));
    }

    public Stage at(Instant now) {
        return end().filter(end -> !now.isBefore(end)).isPresent() ? Stage.GONE : Stage.LEAVING;
    }

    /** As the annotation has it. */
    @Override
    public String toString() {
        return since.map(begin -> begin + "/" + grace).orElse("true");
    }
}
