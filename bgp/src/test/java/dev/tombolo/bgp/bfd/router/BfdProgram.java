package dev.tombolo.bgp.bfd.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.bfd.BfdClient;
import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.process.BfdProcess;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;

/** The BFD process as it is meant to be started: from a jar, with a cache of what it loads and compiles. */
public final class BfdProgram implements AutoCloseable {
    static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xms8m",
            "-Xmx16m",
            "--enable-native-access=ALL-UNNAMED");

    private static Path home;
    private static String classPath;

    private final Process process;

    private BfdProgram(Process process) {
        this.process = process;
    }

    public static BfdProgram start(TestNamespace namespace, Path directory) throws IOException {
        return start(namespace, directory, "-XX:AOTCache=" + home().resolve("bfd.aot"));
    }

    private static BfdProgram start(TestNamespace namespace, Path directory, String cache) throws IOException {
        // Ahead of what else the machine does: a build must not be taken for a failure of the network.
        var words = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name(), "chrt", "--rr", "1"));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(OPTIONS);
        words.addAll(List.of(cache, "-cp", classPath, BfdProcess.class.getName()));
        words.add(directory.toString());
        var output = directory.resolve("output");
        return new BfdProgram(new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start());
    }

    /** Made once for all tests. */
    private static synchronized Path home() throws IOException {
        if (home == null) {
            var made = Files.createTempDirectory("bfd-program");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
            classPath = jarOf(BfdProcess.class, made.resolve("bgp.jar")) + ":"
                    + jarOf(IpAddress.class, made.resolve("model.jar"));
            train(made);
            home = made;
        }
        return home;
    }

    /** A cache is for jars only; whether Maven has packed a module yet depends on what it was asked for. */
    private static String jarOf(Class<?> type, Path jar) {
        String place = type.getProtectionDomain().getCodeSource().getLocation().getPath();
        if (!Files.isDirectory(Path.of(place))) {
            return place;
        }
        int result = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, "--create", "--file", jar.toString(), "-C", place, ".");
        assertThat(result).isZero();
        return jar.toString();
    }

    /** A session with itself comes up too. */
    private static void train(Path home) throws IOException {
        var loopback = IpAddress.parse("127.0.0.1");
        var itself = BfdPath.direct(loopback, loopback);
        try (var namespace = TestNamespace.create();
                var program = start(namespace, home, "-XX:AOTCacheOutput=" + home.resolve("bfd.aot"));
                var client = client(home)) {
            client.watch(Map.of(itself, SessionSettings.DEFAULT));
            await().atMost(Duration.ofSeconds(30)).until(() -> isUp(client, itself));
            program.end(home.resolve("bfd.aot"));
        }
    }

    static BfdClient client(Path directory) {
        return BfdClient.start(directory.resolve(BfdProcess.SOCKET), new Silent());
    }

    static boolean isUp(BfdClient client, BfdPath path) {
        var report = client.reports().get(path);
        return report != null && report.isUp();
    }

    private record Silent() implements BfdClient.Listener {
        @Override
        public void changed(SessionReport report) {}

        @Override
        public void refused(String reason) {
            throw new IllegalStateException(reason);
        }
    }

    /** By SIGTERM, so that it ends in order. */
    private void end(Path cache) throws IOException {
        process.destroy();
        waitFor(Duration.ofMinutes(2));
        assertThat(cache).exists();
    }

    /** By SIGKILL. */
    void kill() throws IOException {
        process.destroyForcibly();
        waitFor(Duration.ofSeconds(20));
    }

    private void waitFor(Duration limit) throws IOException {
        try {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private static void delete(Path directory) {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException _) {
            // A file of a temporary directory more.
        }
    }

    @Override
    public void close() throws IOException {
        kill();
    }
}
