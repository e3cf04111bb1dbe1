package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.EgressScene.EGRESS_IP;
import static dev.tombolo.scenarios.EgressScene.OUTSIDE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tombolo.scenarios.EgressScene.Sender;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A user sees by the command line which address a pod's connection got, and why another one got nowhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(InMeshLab.class)
class EgressFlowsTest {
    private EgressScene scene;

    @BeforeAll
    void prepare(MeshLab lab) {
        scene = new EgressScene(lab);
        scene.prepare();
    }

    @AfterAll
    void remove(MeshLab lab) {
        new EgressScene(lab).remove();
    }

    @ParameterizedTest
    @EnumSource(names = {"BILLING", "BILLING_AT_GATEWAY"})
    void aConnectionIsShownWithTheAddressThatItGot(Sender sender) {
        assertThat(scene.ask(sender, OUTSIDE, "--requests", "3").ok()).isEqualTo(3);
        MeshLab.await(
                "the connection to be shown",
                () -> !observed(sender, "translated").isEmpty());
        var flow = observed(sender, "translated").getLast();
        assertThat(flow.path("node").asText()).isEqualTo("node2");
        assertThat(flow.path("destination").asText()).isEqualTo("198.51.100.10");
        assertThat(flow.path("destination_port").asInt()).isEqualTo(8080);
        assertThat(flow.path("source").asText()).isEqualTo(scene.addressOf(sender));
        assertThat(flow.path("source_xlated").asText()).isEqualTo(EGRESS_IP);
        assertThat(flow.path("source_port_xlated").asInt()).isPositive();
        assertThat(flow.path("policy").asText()).isEqualTo("billing");
        assertThat(flow.path("protocol").asText()).isEqualTo("TCP");
    }

    /** On the pod's own node: its packets never reach another one. */
    @Test
    void aPacketThatNobodyCarriesIsShownWithTheReason(MeshLab lab) {
        try {
            lab.programs.kubectl(1, "label", "node", "node2", "egress-");
            MeshLab.await("the drop to be shown", () -> {
                scene.ask(Sender.BILLING, OUTSIDE, "--requests", "1", "--timeout-ms", "300");
                return observed(Sender.BILLING, "dropped").stream()
                        .anyMatch(flow -> flow.path("drop_reason").asText().equals("DROP_BY_RULE"));
            });
            var drop = observed(Sender.BILLING, "dropped").getLast();
            assertThat(drop.path("node").asText()).isEqualTo("node1");
            assertThat(drop.path("policy").asText()).isEqualTo("billing");
            assertThat(drop.has("source_xlated")).isFalse();
        } finally {
            lab.programs.kubectl(1, "label", "--overwrite", "node", "node2", "egress=yes");
            scene.awaitSeen(Sender.BILLING, OUTSIDE, EGRESS_IP);
        }
    }

    @Test
    void flowsToComeAreShownAsTheyCome(MeshLab lab) {
        var following = lab.programs.startTombolo(
                "observe", "--context", "cluster1", "--follow", "--to-ip", "198.51.100.10", "--verdict", "translated");
        try {
            MeshLab.await("the titles to be shown", () -> following.printed().startsWith("Time "));
            MeshLab.await("a flow to be shown", () -> {
                scene.ask(Sender.BILLING, OUTSIDE, "--requests", "1");
                return following
                        .printed()
                        .matches("(?s).* 198\\.51\\.100\\.10:8080 +TCP +" + EGRESS_IP.replace(".", "\\.")
                                + ":\\d+ +billing +TRANSLATED.*");
            });
        } finally {
            following.interrupt();
            following.join();
        }
        MeshLab.await(
                "the agents' commands to end",
                () -> !lab.onNode(1, "node1", "ps -e -o args").contains("agent.Main flows"));
    }

    private List<JsonNode> observed(Sender sender, String verdict) {
        String pod = scene.lab.shop.pods(1, "finance", sender.deployment).getFirst();
        var words = new ArrayList<>(List.of("observe", "--context", "cluster1", "-o", "json"));
        words.addAll(List.of("--from-pod", "finance/" + pod, "--verdict", verdict));
        String text = scene.lab.programs.tombolo(words.toArray(String[]::new));
        var items = MeshLab.json("{\"items\":[" + String.join(",", text.lines().toList()) + "]}");
        return StreamSupport.stream(items.path("items").spliterator(), false).toList();
    }
}
