package dev.tombolo.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This process, moved into a cgroup of its own, so that programs attached there meet nobody else's sockets. */
final class PrivateCgroup implements AutoCloseable {
    private final Path root;
    private final Path path;

    PrivateCgroup() throws IOException {
        root = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .filter(line -> line.contains(" - cgroup2 ") && line.split(" ")[3].equals("/"))
                .map(line -> Path.of(line.split(" ")[4]))
                .findFirst()
                .orElseThrow(() -> new IOException("no cgroup v2 mount"));
        path = root.resolve("tombolo-bpf-test-" + ProcessHandle.current().pid());
        Files.createDirectories(path);
        move(path);
    }

    Path path() {
        return path;
    }

    private static void move(Path to) throws IOException {
        Files.writeString(
                to.resolve("cgroup.procs"),
                Long.toString(ProcessHandle.current().pid()));
    }

    @Override
    public void close() throws IOException {
        move(root);
        Files.delete(path);
    }
}
