package dev.tombolo.bgp.bfd.router;

import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** Programs of a router with a directory of their own, and what its log says of when. */
final class RouterProcess implements AutoCloseable {
    private static final Pattern TIME = Pattern.compile("^(\\d{4})[-/](\\d\\d)[-/](\\d\\d) (\\S+?\\.\\d{3})");
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private final TestNamespace namespace;
    private final Path directory;
    private final List<Process> processes = new ArrayList<>();

    private RouterProcess(TestNamespace namespace, Path directory) {
        this.namespace = namespace;
        this.directory = directory;
    }

    /** A directory that a daemon without root's rights can write to. */
    static RouterProcess in(TestNamespace namespace) throws IOException {
        var all = PosixFilePermissions.fromString("rwxrwxrwx");
        var directory = Files.createTempDirectory("router");
        Files.setPosixFilePermissions(directory, all);
        return new RouterProcess(namespace, directory);
    }

    static void assumeInstalled(String program) {
        Assumptions.assumeTrue(Files.isExecutable(Path.of(program)), "skipped: " + program + " is not installed");
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    void start(List<String> command) throws IOException {
        var words = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name(), "chrt", "--rr", "1"));
        words.addAll(command);
        var output = ProcessBuilder.Redirect.appendTo(file("output").toFile());
        processes.add(new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start());
    }

    /** When lines with that in them were written to a log. */
    List<Instant> times(String log, String text) throws IOException {
        var times = new ArrayList<Instant>();
        if (!Files.exists(file(log))) {
            return times;
        }
        for (var line : Files.readAllLines(file(log), StandardCharsets.UTF_8)) {
            var time = TIME.matcher(line);
            if (line.contains(text) && time.find()) {
                var local = "%s-%s-%s %s".formatted(time.group(1), time.group(2), time.group(3), time.group(4));
                times.add(LocalDateTime.parse(local, FORMAT)
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
            }
        }
        return times;
    }

    @Override
    public void close() throws IOException {
        for (var process : processes.reversed()) {
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        TestNamespace.command(List.of("rm", "-r", directory.toString()));
    }
}
