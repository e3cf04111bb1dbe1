package dev.tombolo.cli.output;

import dev.tombolo.cli.CommandFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people give them: {@code 500ms}, {@code 90s}, {@code 5m} or {@code 2h}. */
public final class TimeSpan {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(ms|s|m|h)");

    private TimeSpan() {}

    public static Duration parse(String option, String text) throws IOException {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw CommandFailure.usage(option + ": read " + text + ", expected a duration such as 90s or 5m");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }
}
