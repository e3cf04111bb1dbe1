package dev.tombolo.cli.install;

import dev.tombolo.cli.CommandFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How long a command waits. */
public final class WaitOptions {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(ms|s|m|h)");

    @Option(
            names = "--wait-duration",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long to wait at most, for instance 90s; by default 5m.")
    private String text;

    public Duration longest() throws IOException {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw CommandFailure.usage("--wait-duration: read " + text + ", expected a duration such as 90s or 5m");
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
