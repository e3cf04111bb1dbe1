package dev.tombolo.lab.kubelet;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tombolo.lab.machine.LabHome;
import dev.tombolo.lab.machine.Leftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** One cluster's running containers, a file each. */
public final class ContainerRecords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path directory;

    public ContainerRecords(LabHome home, String cluster) {
        directory = home.path("containers", cluster);
    }

    void write(ContainerRecord record) throws IOException {
        Path file = file(record.namespace(), record.pod(), record.container());
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        JSON.writeValue(fresh.toFile(), record);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void remove(String namespace, String pod) throws IOException {
        Leftovers.deleteTree(directory.resolve(namespace).resolve(pod));
    }

    public Optional<ContainerRecord> find(String namespace, String pod, String container) {
        Path file = file(namespace, pod, container);
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /** The containers of a pod, or all of the cluster's. */
    public List<ContainerRecord> list() throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var files = Files.walk(directory)) {
            return files.filter(f -> f.toString().endsWith(".json"))
                    .sorted()
                    .map(ContainerRecords::read)
                    .toList();
        }
    }

    private Path file(String namespace, String pod, String container) {
        return directory.resolve(namespace).resolve(pod).resolve(container + ".json");
    }

    private static ContainerRecord read(Path file) {
        try {
            return JSON.readValue(file.toFile(), ContainerRecord.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
