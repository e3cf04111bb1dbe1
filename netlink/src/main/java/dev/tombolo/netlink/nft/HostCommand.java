package dev.tombolo.netlink.nft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs one of the host's programs, for a bounded time.
 *
 * @param netns the name of a network namespace to run it in; absent for this process's own
 */
public record HostCommand(Optional<String> netns) {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** What a program said, on both of its streams, and how it ended. */
    public record Result(int status, String output) {
        public boolean succeeded() {
            return status == 0;
        }
    }

    public static HostCommand here() {
        return new HostCommand(Optional.empty());
    }

    public static HostCommand in(String netns) {
        return new HostCommand(Optional.of(netns));
    }

    /** Throws where the program can't be started or doesn't end in time; a refusal is a result. */
    public Result run(String input, String... words) throws IOException {
        var command = new ArrayList<String>();
        netns.ifPresent(name -> command.addAll(List.of("ip", "netns", "exec", name)));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var limit = Thread.startVirtualThread(() -> killWhenLate(process));
        try {
            feed(process, input);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + words[0] + " ran", e);
        } finally {
            process.destroyForcibly();
            limit.interrupt();
        }
    }

    private static void feed(Process process, String input) throws IOException {
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException brokenPipe) {
            // It ended before it read everything; what it said and its status tell why.
            if (process.isAlive() && !input.isEmpty()) {
                throw brokenPipe;
            }
        }
    }

    private static void killWhenLate(Process process) {
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
