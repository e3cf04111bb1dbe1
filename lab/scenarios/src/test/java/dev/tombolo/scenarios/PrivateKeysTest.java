package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Private keys are in Secrets and in files that only root reads, and nowhere else. */
@Tag(InMeshLab.ONLY_LOOKS)
@ExtendWith(InMeshLab.class)
class PrivateKeysTest {
    /** Modes of all files that hold a key: certificates' in pods' volumes, WireGuard's beside the agent's state. */
    private static final String MODES = """
            { grep -rlsE 'PRIVATE KEY' /var/lib/kubelet /var/lib/tombolo /run/tombolo /etc/tombolo || true
              find /var/lib/tombolo -type f -name '*key*'
            } | xargs -r stat -c '%a %U %n'
            """;

    @Test
    void filesWithAKeyAreReadableByRootOnly(MeshLab lab) {
        var modes = new ArrayList<String>();
        for (int cluster : MeshLab.CLUSTERS) {
            for (String node : List.of("node1", "node2")) {
                modes.addAll(lab.onNode(cluster, node, MODES).lines().toList());
            }
        }
        assertThat(modes)
                .anyMatch(line -> line.contains("kubernetes.io") || line.contains("volumes"))
                .anyMatch(line -> line.contains("/var/lib/tombolo"))
                .allMatch(line -> line.startsWith("600 root") || line.startsWith("400 root"));
    }

    @Test
    void noKeyIsInLogsEventsObjectsOrDryRuns(MeshLab lab) {
        var keys = keys(lab);
        assertThat(keys).hasSizeGreaterThan(10);
        var texts = new ArrayList<String>();
        for (int cluster : MeshLab.CLUSTERS) {
            texts.addAll(logs(lab, cluster));
            texts.add(lab.programs.kubectl(
                    cluster,
                    "get",
                    "clustermeshes,meshpeers,meshnodes,meshidentities,configmaps,events,pods,nodes,services,leases",
                    "-A",
                    "-o",
                    "yaml"));
            texts.add(lab.programs.tombolo("upgrade", "--context", "cluster" + cluster, "--dry-run"));
            texts.add(lab.programs
                    .attempt("status", "--context", "cluster" + cluster, "-o", "yaml")
                    .output());
        }
        for (String text : texts) {
            assertThat(text).isNotBlank().doesNotContain("PRIVATE KEY");
            assertThat(keys).allSatisfy(key -> assertThat(text).doesNotContain(key));
        }
    }

    /** The first line of each PEM key, which holds bits of the secret already, and the WireGuard keys. */
    private static List<String> keys(MeshLab lab) {
        var keys = new ArrayList<String>();
        for (int cluster : MeshLab.CLUSTERS) {
            for (JsonNode secret :
                    lab.get(cluster, "-n", MeshLab.SYSTEM, "secrets").path("items")) {
                secret.path("data").forEach(value -> keys.addAll(keyLines(value.asText())));
            }
            for (String node : List.of("node1", "node2")) {
                lab.onNode(cluster, node, "find /var/lib/tombolo -type f -name '*key*' -exec cat {} ';'")
                        .lines()
                        .filter(line -> line.matches("[A-Za-z0-9+/]{43}="))
                        .forEach(keys::add);
            }
        }
        return keys;
    }

    private static List<String> keyLines(String base64) {
        String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        return text.contains("PRIVATE KEY")
                ? text.lines().filter(line -> !line.startsWith("-")).limit(1).toList()
                : List.of();
    }

    private static List<String> logs(MeshLab lab, int cluster) {
        var logs = new ArrayList<String>();
        for (JsonNode pod : lab.get(cluster, "-n", MeshLab.SYSTEM, "pods").path("items")) {
            String name = pod.at("/metadata/name").asText();
            logs.add(name + ":\n"
                    + lab.programs.kubectl(cluster, "-n", MeshLab.SYSTEM, "logs", name, "--all-containers"));
        }
        return logs;
    }
}
