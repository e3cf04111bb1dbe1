package dev.tombolo.cli.output;

import java.time.Duration;
import java.time.Instant;

/** How long ago something was, as people read it in tables; documents say when it was. */
public final class Age {
    private Age() {}

    /** {@code 12s}, {@code 3m4s}, {@code 2h5m} or {@code 4d1h}; what lies ahead of us is now. */
    public static String of(Instant since, Instant now) {
        var age = Duration.between(since, now);
        if (age.isNegative()) {
            return "0s";
        }
        if (age.toDays() > 0) {
            return age.toDays() + "d" + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h" + age.toMinutesPart() + "m";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + "m" + age.toSecondsPart() + "s" : age.toSeconds() + "s";
    }
}
