package dev.tombolo.testkit.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A network namespace of one test, gone when closed. */
public final class TestNamespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;

    private TestNamespace(String name) {
        this.name = name;
    }

    public static TestNamespace create() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: network namespaces need root");
        var namespace = new TestNamespace("nl" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
        command(List.of("ip", "netns", "add", namespace.name));
        namespace.run("ip link set lo up");
        return namespace;
    }

    public String name() {
        return name;
    }

    public Path path() {
        return Path.of("/run/netns", name);
    }

    /** Runs a command inside; its words are split at blanks. */
    public String run(String words) throws IOException {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(words.split(" ")));
        return command(all);
    }

    public static String command(List<String> words) throws IOException {
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s: %s", words, text).isZero();
            return text;
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws IOException {
        command(List.of("ip", "netns", "del", name));
    }
}
