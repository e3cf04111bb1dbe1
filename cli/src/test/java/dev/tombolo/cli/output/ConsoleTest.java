package dev.tombolo.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {
    private static final String ESCAPE = "\u001b[";

    @Test
    void coloursOnlyATerminalWhoseOwnerDidNotAskForNone() {
        assertThat(Console.coloured(Map.of(), true)).isTrue();
        assertThat(Console.coloured(Map.of("NO_COLOR", ""), true)).isTrue();
        assertThat(Console.coloured(Map.of("NO_COLOR", "1"), true)).isFalse();
        assertThat(Console.coloured(Map.of("TERM", "dumb"), true)).isFalse();
        assertThat(Console.coloured(Map.of(), false)).isFalse();
    }

    @Test
    void whoInterruptsIsToldSoWhateverWasUnderWay() throws Exception {
        var errors = new StringWriter();
        var console = new Console(new PrintWriter(new StringWriter()), new PrintWriter(errors, true), false);
        var request = new IllegalStateException("reading MeshPeer east", new InterruptedException());

        assertThat(console.failed(new IOException("reading MeshPeer east failed", request)))
                .isEqualTo(1);
        assertThat(errors.toString().strip()).isEqualTo("tombolo: interrupted; run the same command again to go on");
    }

    @Test
    void helpIsColouredWhereTheConsoleIs() {
        assertThat(help(true)).contains(ESCAPE);
        assertThat(help(false)).doesNotContain(ESCAPE).contains("Exit codes:");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-02T03:04:05Z, 0s",
        "2026-01-02T03:04:06Z, 0s",
        "2026-01-02T03:03:53Z, 12s",
        "2026-01-02T03:01:01Z, 3m4s",
        "2026-01-02T00:59:05Z, 2h5m",
        "2025-12-29T02:04:05Z, 4d1h",
    })
    void agesAreAsPeopleReadThem(Instant since, String shown) {
        assertThat(Age.of(since, Instant.parse("2026-01-02T03:04:05Z"))).isEqualTo(shown);
    }

    private static String help(boolean coloured) {
        var out = new StringWriter();
        var console = new Console(new PrintWriter(out), new PrintWriter(new StringWriter()), coloured);
        assertThat(Main.commandLine(console).execute("--help")).isZero();
        return out.toString();
    }
}
