package dev.tombolo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people and scripts read of a mesh that is well. */
@Tag(InMeshLab.ONLY_LOOKS)
@ExtendWith(InMeshLab.class)
class ShownStateTest {
    @Test
    void commandsPrintTheStateAsJson(MeshLab lab) {
        var status = json(lab, "status");
        assertThat(status.path("healthy").asBoolean()).isTrue();
        assertThat(status.path("cluster").asText()).isEqualTo("cluster1");
        assertThat(status.path("id").asInt()).isEqualTo(1);
        assertThat(status.path("nodes").asInt()).isEqualTo(2);
        assertThat(status.path("ready_nodes").asInt()).isEqualTo(2);
        assertThat(status.path("global_services").asInt()).isEqualTo(1);
        assertThat(status.path("peers").toString()).contains("\"cluster2\"");
        assertThat(status.path("problems").isEmpty()).isTrue();

        var mesh = json(lab, "clustermesh", "status", "--wait", "--wait-duration", "10s");
        assertThat(mesh.findValue("endpoints").get(0).asText()).startsWith("https://172.30.1.");
        assertThat(mesh.findValue("cluster2").path("configured").asInt()).isEqualTo(2);
        assertThat(mesh.findValue("cluster2").path("connected").asInt()).isEqualTo(2);

        assertThat(json(lab, "version").path("version").asText())
                .isEqualTo(status.path("version").asText());
    }

    @Test
    void listsNameEveryServiceAndNode(MeshLab lab) {
        var services = list(lab, "service", "list");
        assertThat(services).hasSize(1);
        var echo = services.get(0);
        assertThat(echo.path("namespace").asText()).isEqualTo("shop");
        assertThat(echo.path("name").asText()).isEqualTo("echo");
        assertThat(echo.path("address").asText()).startsWith("10.96.");
        assertThat(echo.path("shared").asBoolean()).isTrue();
        assertThat(echo.path("affinity").asText()).isEqualTo("none");
        assertThat(echo.toString()).containsPattern("\"local_?[bB]ackends\":2");
        assertThat(list(lab, "service", "list", "-n", "elsewhere")).isEmpty();
        var nodes = list(lab, "node", "list");
        assertThat(nodes.findValuesAsText("name")).containsExactly("node1", "node2");
        assertThat(nodes.findValuesAsText("ready")).containsOnly("yes");
        assertThat(nodes.findValuesAsText("peers")).containsOnly("2");
    }

    @Test
    void kubectlShowsWhetherPeersAreFresh(MeshLab lab) {
        var lines = lab.programs.kubectl(1, "get", "meshpeers").strip().split("\n");
        assertThat(lines[0].split("\\s{2,}"))
                .startsWith("NAME", "CLUSTER-ID", "STATE", "CONNECTED", "NODES", "ENDPOINTS", "SERVICES", "LAST ERROR");
        assertThat(lines[1].split("\\s+"))
                .startsWith("cluster2", "2", "Fresh", "true", "2")
                .contains("1");
        assertThat(lab.programs
                        .kubectl(1, "get", "clustermeshes")
                        .split("\n")[1]
                        .split("\\s+"))
                .startsWith("cluster", "cluster1", "1", "True", "https://172.30.1.11:32379");
        assertThat(lab.programs.kubectl(1, "get", "meshnodes")).contains("node1", "node2", "true");
        assertThat(lab.programs.kubectl(1, "describe", "meshpeer", "cluster2"))
                .contains("connected and up to date", "Type:");
    }

    private static JsonNode json(MeshLab lab, String... words) {
        return MeshLab.json(output(lab, words));
    }

    private static JsonNode list(MeshLab lab, String... words) {
        return MeshLab.json("{\"items\":" + output(lab, words) + "}").path("items");
    }

    private static String output(MeshLab lab, String... words) {
        var all = new java.util.ArrayList<>(java.util.List.of(words));
        all.addAll(java.util.List.of("--context", "cluster1", "-o", "json"));
        return lab.programs.tombolo(all.toArray(String[]::new));
    }
}
