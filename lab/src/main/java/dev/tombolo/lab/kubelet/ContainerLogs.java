package dev.tombolo.lab.kubelet;

import dev.tombolo.lab.apiserver.PodLogs;
import dev.tombolo.lab.machine.LabHome;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What containers wrote, a file for each start; the last two starts of a container can be read. */
public final class ContainerLogs implements PodLogs {
    private final Path directory;

    public ContainerLogs(LabHome home, String cluster) {
        directory = home.path("logs", cluster);
    }

    Path file(Pod pod, String container, int attempt) throws IOException {
        Path own = Files.createDirectories(directory
                .resolve(pod.getMetadata().getNamespace())
                .resolve(pod.getMetadata().getName())
                .resolve(container));
        Path latest = own.resolve("0.log");
        if (attempt > 0 && Files.exists(latest)) {
            Files.move(latest, own.resolve("1.log"), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(latest);
            Files.deleteIfExists(own.resolve("1.log"));
        }
        return latest;
    }

    @Override
    public InputStream open(
            String namespace, String pod, String container, boolean follow, int tailLines, boolean previous)
            throws IOException {
        Path file = directory.resolve(namespace).resolve(pod).resolve(container).resolve(previous ? "1.log" : "0.log");
        if (!Files.exists(file)) {
            if (previous) {
                throw new FileNotFoundException(
                        "previous terminated container \"%s\" in pod \"%s\" not found".formatted(container, pod));
            }
            return new ByteArrayInputStream(new byte[0]);
        }
        String lines = tailLines < 0 ? "+1" : Integer.toString(tailLines);
        if (!follow) {
            return new ProcessBuilder("tail", "-n", lines, file.toString())
                    .start()
                    .getInputStream();
        }
        // Closing the stream closes the pipe, and tail ends at its next write; a bound ends it when nothing is written.
        Process tail = new ProcessBuilder(
                        List.of("timeout", "3600", "tail", "-n", lines, "-s", "0.2", "-f", file.toString()))
                .start();
        return new FollowedLog(tail);
    }

    /** Ends the follower with the reader. */
    private static final class FollowedLog extends FilterInputStream {
        private final Process tail;

        FollowedLog(Process tail) {
            super(tail.getInputStream());
            this.tail = tail;
        }

        @Override
        public void close() throws IOException {
            tail.destroy();
            super.close();
        }
    }
}
