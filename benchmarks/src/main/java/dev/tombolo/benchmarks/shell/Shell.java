package dev.tombolo.benchmarks.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs, each bounded in time; a failure is an exception with what the program said. */
public final class Shell {
    private static final long LONGEST_SECONDS = 180;

    private Shell() {}

    public static String run(String... command) {
        return run("", List.of(command));
    }

    /** Runs a program with this text as its input and returns what it printed. */
    public static String run(String input, List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var writer = Thread.ofVirtual().start(() -> write(process, input));
            var killer = Thread.ofVirtual().start(() -> killWhenLate(process));
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            killer.interrupt();
            writer.join();
            if (status != 0) {
                throw new IllegalStateException(command + " exited with " + status + ": " + printed.strip());
            }
            return printed;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** What a program printed, or nothing when it failed. */
    public static String attempt(List<String> command) {
        try {
            return run("", command);
        } catch (IllegalStateException failed) {
            return "";
        }
    }

    private static void write(Process process, String input) {
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException closedEarly) {
            // The program did not read its input; its exit status tells whether that matters.
        }
    }

    private static void killWhenLate(Process process) {
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
