package dev.tombolo.lab.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** The file that kubectl and the tombolo command read. */
public final class Kubeconfig {
    private static final ObjectMapper YAML = new YAMLMapper();

    private Kubeconfig() {}

    /** A context with a cluster and a user of the same name; the certificates and the key are base64. */
    public record Entry(String name, String server, String authority, String certificate, String key) {}

    /** Writes a new file, whose current context is the first. */
    public static void write(Path file, List<Entry> entries) throws IOException {
        Map<String, Object> content = Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Config",
                "current-context",
                entries.getFirst().name(),
                "clusters",
                entries.stream()
                        .map(e -> Map.of(
                                "name",
                                e.name(),
                                "cluster",
                                Map.of("server", e.server(), "certificate-authority-data", e.authority())))
                        .toList(),
                "users",
                entries.stream()
                        .map(e -> Map.of(
                                "name",
                                e.name(),
                                "user",
                                Map.of("client-certificate-data", e.certificate(), "client-key-data", e.key())))
                        .toList(),
                "contexts",
                entries.stream()
                        .map(e -> Map.of("name", e.name(), "context", Map.of("cluster", e.name(), "user", e.name())))
                        .toList());
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, YAML.writeValueAsString(content));
    }
}
