package dev.tombolo.lab.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A node's CNI, where a real node has it: the chain of plugins that runs for each pod, and their programs. */
record NodeCni(Topology.Node node) {
    static final String CONFIGURATIONS = "/etc/cni/net.d";
    static final String PROGRAMS = "/opt/cni/bin";

    private static final Path DEBIANS = Path.of("/usr/lib/cni");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the node sees as {@link #CONFIGURATIONS}. */
    private Path configurations() {
        return node.directory().resolve("cni/net.d");
    }

    /** As a CNI does when the node starts: whatever others added is gone. */
    void write() throws IOException {
        Path programs = Files.createDirectories(node.directory().resolve("cni/bin"));
        try (var plugins = Files.list(DEBIANS)) {
            for (Path plugin : plugins.toList()) {
                Path link = programs.resolve(plugin.getFileName());
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, plugin);
            }
        }
        Files.createDirectories(configurations());
        Map<String, Object> list = Map.of("cniVersion", "1.0.0", "name", "lab", "plugins", List.of(plugin()));
        Files.writeString(
                configurations().resolve("10-lab.conflist"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(list) + "\n");
    }

    private Map<String, Object> plugin() {
        Map<String, Object> ipam = Map.of(
                "type", "host-local",
                "ranges",
                        node.podRanges().stream()
                                .map(range -> List.of(Map.of("subnet", range)))
                                .toList(),
                "routes",
                        Stream.of("0.0.0.0/0", "::/0")
                                .limit(node.podRanges().size())
                                .map(destination -> Map.of("dst", destination))
                                .toList());
        return Map.of(
                "type",
                node.networkPlugin(),
                "bridge",
                "cni0",
                "isGateway",
                true,
                "hairpinMode",
                true,
                "ipMasq",
                true,
                "mtu",
                1500,
                "ipam",
                ipam);
    }

    /** What a container runtime reads: the first list by name, as it is now. */
    JsonNode chain() throws IOException {
        try (var files = Files.list(configurations())) {
            Path first = files.filter(file -> file.toString().endsWith(".conflist"))
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> new IOException("the node has no CNI configuration"));
            return JSON.readTree(first.toFile());
        }
    }
}
