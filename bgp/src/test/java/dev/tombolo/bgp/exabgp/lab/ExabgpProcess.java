package dev.tombolo.bgp.exabgp.lab;

import dev.tombolo.bgp.exabgp.StartCommand;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** ExaBGP as its container runs it: started again when it has gone, by whoever is asked to. */
public final class ExabgpProcess implements AutoCloseable {
    private final TestNamespace namespace;
    private final Path directory;
    private final AtomicInteger starts = new AtomicInteger();
    private volatile boolean supervised;
    private volatile Process process;

    /** Without a namespace it is beside this process. */
    ExabgpProcess(TestNamespace namespace, Path directory) {
        this.namespace = namespace;
        this.directory = directory;
    }

    static Path bridge() {
        return built("tombolo-exabgp-bridge");
    }

    private static Path built(String name) {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        return Path.of("target/classes/META-INF/native/linux-" + machine, name).toAbsolutePath();
    }

    public void start() throws IOException {
        var words = new ArrayList<String>();
        if (namespace != null) {
            words.addAll(List.of("ip", "netns", "exec", namespace.name()));
        }
        words.addAll(new StartCommand(StartCommand.PROGRAM, directory.resolve("exabgp.conf")).words());
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(StartCommand.environment(built("tombolo-nodelay.so")));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        process = builder.start();
        starts.incrementAndGet();
    }

    /** From now on it is started again whenever it ends, as the container's runtime does it. */
    void supervise() {
        supervised = true;
        process.onExit().thenRun(this::startAgain);
    }

    private void startAgain() {
        if (supervised) {
            try {
                start();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            supervise();
        }
    }

    int starts() {
        return starts.get();
    }

    public Path log() {
        return directory.resolve("exabgp.log");
    }

    String logText() throws IOException {
        return Files.readString(log());
    }

    public long pid() {
        return process.pid();
    }

    void signal(String name) throws IOException {
        TestNamespace.command(List.of("kill", "-" + name, Long.toString(pid())));
    }

    /** The bridge is its only child, mostly. */
    void killBridge() {
        process.children().forEach(ProcessHandle::destroyForcibly);
    }

    public void killAndStart() throws IOException {
        process.destroyForcibly().onExit().join();
        start();
    }

    public void terminateAndStart() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().onExit().join();
        }
        start();
    }

    @Override
    public void close() throws IOException {
        supervised = false;
        var children = process.children().toList();
        process.destroyForcibly().onExit().join();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
