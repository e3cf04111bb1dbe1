package dev.tombolo.lab.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Where one lab lives: its state directory, its namespaces' names and its cgroup. Everything is found again from the lab's name. */
public record LabHome(String name, Path directory) {
    public LabHome {
        if (!name.matches("[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?")) {
            throw new IllegalArgumentException(
                    "a lab's name is up to 20 lower-case letters, digits and dashes; read: " + name);
        }
    }

    public static LabHome of(String name) {
        return new LabHome(name, root().resolve(name));
    }

    static Path root() {
        return Path.of(System.getenv().getOrDefault("TOMBOLO_LAB_DIR", "/run/tombolo-lab"));
    }

    public void create() throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    public Path path(String first, String... more) {
        return directory.resolve(Path.of(first, more));
    }

    public Path file() {
        return path("lab.json");
    }

    public Path kubeconfig() {
        return path("kubeconfig");
    }

    public String namespace(String suffix) {
        return namespacePrefix() + suffix;
    }

    /** Two dashes end the name, so that lab `a` never takes the namespaces of lab `a-b` for its own. */
    public String namespacePrefix() {
        return "tbl-" + name + "--";
    }

    public static Path namespacePath(String namespace) {
        return Path.of("/run/netns", namespace);
    }

    public Path cgroup() throws IOException {
        return cgroupRoot().resolve("tombolo-lab-" + name);
    }

    /** The cgroup v2 mount whose root is the hierarchy's root; beside v1 it is not at /sys/fs/cgroup. */
    static Path cgroupRoot() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            Optional<String> mount = lines.map(line -> line.split(" "))
                    .filter(f -> f[3].equals("/") && String.join(" ", f).contains(" - cgroup2 "))
                    .map(f -> f[4])
                    .findFirst();
            return Path.of(
                    mount.orElseThrow(() -> new IOException("no cgroup v2 hierarchy is mounted on this machine")));
        }
    }
}
