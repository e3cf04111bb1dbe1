package dev.tombolo.scenarios;

import dev.tombolo.lab.kubelet.ContainerRecords;
import dev.tombolo.lab.machine.Cgroups;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory the processes of a container hold. */
final class Memory {
    private Memory() {}

    static long residentMebibytes(MeshLab lab, int cluster, String container) {
        try {
            long kibibytes = 0;
            for (var record : new ContainerRecords(lab.home, "cluster" + cluster).list()) {
                if (record.container().equals(container)) {
                    for (long pid : Cgroups.processes(Path.of(record.cgroup()))) {
                        kibibytes += resident(pid);
                    }
                }
            }
            return kibibytes / 1024;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
