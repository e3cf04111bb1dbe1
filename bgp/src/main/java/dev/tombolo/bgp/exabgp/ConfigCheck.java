package dev.tombolo.bgp.exabgp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks whether ExaBGP can read a file before it replaces the one that works; ExaBGP tells of a bad one only in its log. */
@FunctionalInterface
public interface ConfigCheck {
    /** What is wrong with it; never a secret. */
    Optional<String> problem(Path file) throws IOException;

    /** By a run of ExaBGP that only reads it. Where its program is not at hand, the file is taken as it is. */
    static ConfigCheck byRunning(Path program) {
        return file -> Files.isExecutable(program) ? run(new StartCommand(program, file)) : Optional.empty();
    }

    private static Optional<String> run(StartCommand command) throws IOException {
        var builder = new ProcessBuilder(command.test()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.putAll(StartCommand.environment());
        environment.put("exabgp_log_destination", "stdout");
        var process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(20, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? Optional.empty() : Optional.of(reason(output));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ExaBGP reads its configuration", interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Its output quotes the lines of the file, of which one has a password. */
    private static String reason(String output) {
        return output.lines()
                .filter(line -> line.contains("error") || line.contains("invalid"))
                .filter(line -> !line.contains("md5-password"))
                .map(line -> line.replaceFirst("^.*\\| *", "").trim())
                .findFirst()
                .map(line -> "ExaBGP can't read its configuration: " + line)
                .orElse("ExaBGP can't read its configuration");
    }
}
