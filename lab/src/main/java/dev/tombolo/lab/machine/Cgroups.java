package dev.tombolo.lab.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Groups of processes: made, emptied and removed as one. */
public final class Cgroups {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Cgroups() {}

    /** What goes before a command that is to run in the group. */
    public static List<String> joining(String cgroup) {
        return List.of("sh", "-ec", "echo $$ > " + cgroup + "/cgroup.procs; exec \"$@\"", "sh");
    }

    /** What goes before a command that is to run in the group and beside a process, in all that is that process's own. */
    public static List<String> entering(String cgroup, long pid) {
        List<String> words = new ArrayList<>(joining(cgroup));
        words.addAll(List.of("nsenter", "--target", Long.toString(pid), "--mount", "--net", "--cgroup", "--uts"));
        return words;
    }

    public static void kill(Path cgroup) throws IOException {
        if (Files.exists(cgroup)) {
            Files.writeString(cgroup.resolve("cgroup.kill"), "1");
        }
    }

    /** Every process of the group and of the groups below it. */
    public static List<Long> processes(Path cgroup) throws IOException {
        if (!Files.exists(cgroup)) {
            return List.of();
        }
        try (var paths = Files.walk(cgroup)) {
            return paths.filter(p -> p.endsWith("cgroup.procs"))
                    .flatMap(p -> lines(p).stream())
                    .map(Long::valueOf)
                    .toList();
        }
    }

    /** A killed process leaves its group a moment after the kill; the group can be removed only then. */
    public static void removeTree(Path cgroup) throws IOException {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                removeOnce(cgroup);
                return;
            } catch (IOException e) {
                if (Instant.now().isAfter(end)) {
                    throw e;
                }
                LockSupport.parkNanos(Duration.ofMillis(3).toNanos());
            }
        }
    }

    private static void removeOnce(Path cgroup) throws IOException {
        if (!Files.exists(cgroup)) {
            return;
        }
        try (var paths = Files.walk(cgroup)) {
            for (Path directory : paths.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.deleteIfExists(directory);
            }
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }
}
