package dev.tombolo.cli.output;

import dev.tombolo.cli.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Where a command's words go: results to standard output, progress and errors to standard error. */
public final class Console {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean coloured;

    public Console(PrintWriter out, PrintWriter err, boolean coloured) {
        this.out = out;
        this.err = err;
        this.coloured = coloured;
    }

    public static Console system() {
        var terminal = System.console();
        return new Console(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                coloured(System.getenv(), terminal != null && terminal.isTerminal()));
    }

    /** Only for people, and only for those who did not ask for none (no-color.org). */
    static boolean coloured(Map<String, String> environment, boolean isTerminal) {
        return isTerminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
    }

    public PrintWriter writer() {
        return out;
    }

    public PrintWriter errorWriter() {
        return err;
    }

    public boolean coloured() {
        return coloured;
    }

    /** A line of result. */
    public void line(String text) {
        out.println(text);
    }

    /** Text of result, as it is. */
    public void text(String text) {
        out.print(text);
        out.flush();
    }

    /** A result as the format asks for it. */
    public void show(OutputFormat format, Object document, Supplier<String> table) {
        text(
                switch (format) {
                    case TABLE -> table.get();
                    case JSON -> Documents.json(document) + "\n";
                    case YAML -> Documents.yaml(document);
                });
    }

    /** A step that was done. */
    public void done(String what) {
        err.println("✅ " + what);
    }

    /** A step that takes a while. */
    public void waiting(String what, Duration since) {
        err.println("⌛ " + (since.isZero() ? "" : "(" + since.toSeconds() + "s) ") + what);
    }

    /** Why nothing was done. */
    public void error(String what) {
        err.println("tombolo: " + what);
    }

    /** What to do about it. */
    public void hint(String what) {
        err.println(what);
    }

    public void warn(String what) {
        err.println("⚠️  " + what);
    }

    /** Says why a command ended; returns its exit code. */
    public int failed(Exception failure) throws Exception {
        if (!(failure instanceof IOException)) {
            throw failure;
        }
        error(interrupted(failure) ? "interrupted; run the same command again to go on" : failure.getMessage());
        return failure instanceof CommandFailure refused ? refused.exitCode() : 1;
    }

    /** Whatever was under way: a pause, or a request. */
    private static boolean interrupted(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(InterruptedException.class::isInstance);
    }
}
