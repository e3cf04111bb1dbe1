package dev.tombolo.lab.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes every trace of a lab, found by name only: works whether or not its daemon lived to help. */
public final class Leftovers {
    private final LabHome home;

    public Leftovers(LabHome home) {
        this.home = home;
    }

    public void remove() throws IOException {
        endProcesses();
        unmount();
        for (Path namespace : namespaces()) {
            Commands.run("ip", "netns", "del", namespace.getFileName().toString());
        }
        deleteTree(home.directory());
    }

    /** What is still there, in words; empty when nothing is. */
    public List<String> list() throws IOException {
        Stream<String> cgroup =
                Files.exists(home.cgroup()) ? Stream.of(home.cgroup().toString()) : Stream.empty();
        Stream<String> directory =
                Files.exists(home.directory()) ? Stream.of(home.directory().toString()) : Stream.empty();
        return Stream.of(
                        cgroup,
                        directory,
                        mounts().stream(),
                        namespaces().stream().map(Path::toString))
                .flatMap(s -> s)
                .toList();
    }

    /** The daemon and its etcds live in the lab's cgroup too, so that one write ends them all. */
    private void endProcesses() throws IOException {
        Path cgroup = home.cgroup();
        if (Files.exists(cgroup)) {
            Cgroups.kill(cgroup);
            Cgroups.removeTree(cgroup);
        }
    }

    private List<String> mounts() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.map(line -> line.split(" ")[4])
                    .filter(p -> Path.of(p).startsWith(home.directory()))
                    .toList()
                    .reversed();
        }
    }

    private void unmount() throws IOException {
        for (String mount : mounts()) {
            Commands.run("umount", "-l", mount);
        }
    }

    private List<Path> namespaces() throws IOException {
        Path all = Path.of("/run/netns");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (var names = Files.list(all)) {
            return names.filter(n -> n.getFileName().toString().startsWith(home.namespacePrefix()))
                    .toList();
        }
    }

    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
