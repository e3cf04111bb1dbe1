package dev.tombolo.bgp.exabgp.lab;

import dev.tombolo.bgp.exabgp.StartCommand;
import dev.tombolo.testkit.netns.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** ExaBGP as its container runs it: started again when it has gone, by whoever is asked to. */
public final class ExabgpProcess implements AutoCloseable {
    private final TestNamespace namespace;
    private final Path directory;
    private Process process;

    ExabgpProcess(TestNamespace namespace, Path directory) {
        this.namespace = namespace;
        this.directory = directory;
    }

    static Path bridge() {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        return Path.of("target/classes/META-INF/native/linux-" + machine + "/tombolo-exabgp-bridge")
                .toAbsolutePath();
    }

    public void start() throws IOException {
        var words = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
        words.addAll(new StartCommand(StartCommand.PROGRAM, directory.resolve("exabgp.conf")).words());
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(StartCommand.environment());
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        process = builder.start();
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

    /** The bridge is its only child. */
    ProcessHandle bridgeProcess() {
        return process.children().findFirst().orElseThrow();
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
        var children = process.children().toList();
        process.destroyForcibly().onExit().join();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
