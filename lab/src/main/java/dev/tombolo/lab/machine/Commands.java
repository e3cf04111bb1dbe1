package dev.tombolo.lab.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the machine's programs and insists on success; every run is bounded in time. */
public final class Commands {
    private static final long LIMIT_SECONDS = 60;

    private Commands() {}

    /** What a program said. */
    public record Result(int code, String output) {}

    public static String run(String... command) throws IOException {
        return run(List.of(command), Map.of(), "");
    }

    public static String run(List<String> command, Map<String, String> environment, String input) throws IOException {
        Result result = attempt(command, environment, input);
        if (result.code() != 0) {
            throw new IOException("`%s` ended with %d: %s"
                    .formatted(
                            String.join(" ", command),
                            result.code(),
                            result.output().strip()));
        }
        return result.output();
    }

    /** A script for sh that stops at its first failing command. */
    public static String script(String text) throws IOException {
        return run(List.of("sh", "-e", "-s"), Map.of(), text);
    }

    public static Result attempt(List<String> command, Map<String, String> environment, String input)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        // Written beside the reading: a child that talks before it has read all of its input would block both.
        Thread.startVirtualThread(() -> feed(process, input));
        Thread watch = Thread.startVirtualThread(() -> endLate(process));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int code = process.waitFor();
            watch.interrupt();
            return new Result(code, output);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.getFirst(), e);
        }
    }

    private static void feed(Process process, String input) {
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // A program may end without reading its input; its exit code says whether that was wrong.
        }
    }

    private static void endLate(Process process) {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            // The program ended in time.
        }
    }
}
