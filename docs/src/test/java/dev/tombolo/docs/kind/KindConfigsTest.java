package dev.tombolo.docs.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clusters of a set can be one mesh: no address is in two of them. */
final class KindConfigsTest {
    private static final Path FOLDER = Path.of("../kind-configs");
    private static final YAMLMapper YAML = new YAMLMapper();
    /** What Tombolo takes for nodes inside the tunnel. */
    private static final Prefix TUNNELS = Prefix.parse("100.64.0.0/10");

    @ParameterizedTest
    @CsvSource({"two-clusters, 2", "three-clusters, 3"})
    void rangesAreApart(String set, int clusters) throws IOException {
        var configs = read(set);
        assertThat(configs).hasSize(clusters);
        var ranges = new ArrayList<>(List.of(TUNNELS));
        for (JsonNode config : configs) {
            ranges.add(range(config, "podSubnet"));
            ranges.add(range(config, "serviceSubnet"));
        }
        for (int i = 0; i < ranges.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(ranges.get(i).overlaps(ranges.get(j)))
                        .as("%s and %s overlap", ranges.get(i), ranges.get(j))
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"two-clusters", "three-clusters"})
    void clustersAreNamedAfterTheirFiles(String set) throws IOException {
        var configs = read(set);
        for (int i = 0; i < configs.size(); i++) {
            var config = configs.get(i);
            assertThat(config.path("kind").asText()).isEqualTo("Cluster");
            assertThat(config.path("apiVersion").asText()).isEqualTo("kind.x-k8s.io/v1alpha4");
            assertThat(config.path("name").asText()).isEqualTo("cluster" + (i + 1));
            assertThat(config.path("nodes").findValuesAsText("role")).contains("control-plane", "worker");
        }
    }

    private static List<JsonNode> read(String set) throws IOException {
        var configs = new ArrayList<JsonNode>();
        try (var files = Files.list(FOLDER.resolve(set))) {
            for (Path file : files.sorted().toList()) {
                configs.add(YAML.readTree(file.toFile()));
            }
        }
        return configs;
    }

    private static Prefix range(JsonNode config, String key) {
        String text = config.path("networking").path(key).asText();
        return Prefix.tryParse(text).orElseThrow(() -> new AssertionError(key + ": read " + text));
    }
}
