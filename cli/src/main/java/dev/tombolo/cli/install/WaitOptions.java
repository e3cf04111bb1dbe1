package dev.tombolo.cli.install;

import dev.tombolo.cli.output.TimeSpan;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits. */
public final class WaitOptions {
    private static final String NAME = "--wait-duration";

    @Option(
            names = NAME,
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long to wait at most, for instance 90s; by default 5m.")
    private String text;

    public Duration longest() throws IOException {
        return TimeSpan.parse(NAME, text);
    }
}
