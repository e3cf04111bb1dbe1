package dev.tombolo.scenarios;

import static dev.tombolo.scenarios.RouterScene.ALL_NODES;
import static dev.tombolo.scenarios.RouterScene.SERVICE;
import static dev.tombolo.scenarios.RouterScene.awaitNextHops;
import static dev.tombolo.scenarios.RouterScene.nextHops;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is said of declarations that cannot be carried out, or that a router does not agree with. */
@ExtendWith(InMeshLab.class)
class RouterDeclarationsTest {
    private static final String CONFLICT = "ConflictingClusterConfig";
    private static final String MISSING = "MissingPeerConfigs";
    /** For a node that has another already, and like nothing that there is. */
    private static final String LATE = """
            apiVersion: cilium.io/v2
            kind: CiliumBGPClusterConfig
            metadata: {name: late}
            spec:
              nodeSelector: {matchLabels: {kubernetes.io/hostname: node2}}
              bgpInstances:
                - name: main
                  localASN: 64599
                  peers:
                    - {name: router, peerASN: 64512, peerAddress: 172.30.1.1, peerConfigRef: {name: later}}
            """;

    private static final String PEER_CONFIG = """
            apiVersion: cilium.io/v2
            kind: CiliumBGPPeerConfig
            metadata: {name: %s}
            spec: {%s}
            """;

    @BeforeAll
    static void apply(MeshLab lab) throws IOException {
        RouterScene.apply(lab);
    }

    @AfterAll
    static void remove(MeshLab lab) {
        RouterScene.remove(lab);
    }

    /** Told by whoever of both sides refuses the other one's OPEN. */
    @Test
    void doctorNamesANumberThatTheRouterDoesNotHave(MeshLab lab) {
        peerAsn(lab, 64_999);
        MeshLab.await(
                "doctor to name it",
                () -> lab.look("doctor", "--context", "cluster1").output(),
                said -> said.contains("bgp asn main/router on node1") && said.contains("wrong AS number"));
        peerAsn(lab, 64_512);
        awaitNextHops(lab, ALL_NODES);
        MeshLab.await(
                "doctor to find it mended",
                () -> lab.look("doctor", "--context", "cluster1").output(),
                said -> said.contains("64512 there, 64513 here") && !said.contains("wrong AS number"));
    }

    private static void peerAsn(MeshLab lab, int number) {
        lab.programs.kubectl(
                1,
                "patch",
                "ciliumbgpclusterconfig/harbour",
                "--type=json",
                "-p",
                "[{\"op\":\"replace\",\"path\":\"/spec/bgpInstances/0/peers/0/peerASN\",\"value\":" + number + "}]");
    }

    /** Nobody is told only that there is no session: what was declared and cannot be says why, and who is concerned. */
    @Test
    void whatCannotBeAsDeclaredSaysWhyUntilItIsMended(MeshLab lab) throws IOException {
        var objects = new AppliedObjects(lab);
        objects.apply(1, LATE);
        objects.apply(1, PEER_CONFIG.formatted("guarded", "authSecretRef: router-password"));
        lab.patch(1, "ciliumbgpclusterconfig", "harbour", """
                {"spec": {"bgpInstances": [{"name": "main", "localASN": 64513, "peers": [
                  {"name": "router", "peerASN": 64512, "peerAddress": "172.30.1.1", "peerConfigRef": {"name": "router"}},
                  {"name": "second", "peerASN": 64512, "peerAddress": "172.30.1.9", "peerConfigRef": {"name": "guarded"}}
                ]}]}}""");
        awaitCondition(lab, "late", CONFLICT, "True NodesHaveAnother: node2 has harbour");
        awaitCondition(lab, "late", MISSING, "True PeerConfigsMissing: there is no CiliumBGPPeerConfig later");
        awaitCondition(lab, "guarded", "MissingAuthSecret", "True SecretMissing: there is no Secret router-password");
        awaitColumns(lab, "cbgpcluster", "harbour +2 +2/4 +[1-9]\\d* +False +.*");

        objects.apply(1, PEER_CONFIG.formatted("later", ""));
        lab.programs.kubectl(
                1, "-n", "kube-system", "create", "secret", "generic", "router-password", "--from-literal=password=x");
        lab.patch(
                1,
                "ciliumbgpclusterconfig",
                "late",
                "{\"spec\": {\"nodeSelector\": {\"matchLabels\": {\"kubernetes.io/hostname\": \"node9\"}}}}");
        awaitCondition(lab, "late", CONFLICT, "False NoConflict: ");
        awaitCondition(lab, "late", MISSING, "False PeerConfigsFound: ");
        awaitCondition(lab, "late", "NoMatchingNode", "True NoNode: ");
        awaitCondition(lab, "guarded", "MissingAuthSecret", "False NoSecretMissing: ");

        lab.programs.kubectl(
                1,
                "delete",
                "ciliumbgpclusterconfigs/late",
                "ciliumbgppeerconfigs/guarded",
                "ciliumbgppeerconfigs/later");
        lab.programs.kubectl(1, "-n", "kube-system", "delete", "secret", "router-password");
        RouterScene.declare(lab, 1);
        awaitColumns(lab, "cbgpcluster", "harbour +2 +2/2 +[1-9]\\d* +False +.*");
        awaitColumns(lab, "cbgppeer", "router +2/2 +False +.*");
        awaitColumns(lab, "cbgpadvert", "all +True +.*");
        assertThat(nextHops(lab, SERVICE)).isEqualTo(ALL_NODES);
    }

    /** As after a node that was taken away: no agent is there to do it. */
    @Test
    void whatANodeHasSaidThatIsGoneGoesToo(MeshLab lab) throws IOException {
        new AppliedObjects(lab).apply(1, """
                apiVersion: cilium.io/v2
                kind: CiliumBGPNodeConfig
                metadata: {name: node9}
                spec: {}
                """);
        MeshLab.await("the words of nodes that there are", () -> nodesThatSay(lab), List.of("node1", "node2")::equals);
    }

    private static List<String> nodesThatSay(MeshLab lab) {
        return lab.programs
                .kubectl(1, "get", "cbgpnode", "-o", "jsonpath={.items[*].metadata.name}")
                .lines()
                .flatMap(line -> Stream.of(line.split(" ")))
                .sorted()
                .toList();
    }

    /** Of a kind whose objects have the name. */
    private static void awaitCondition(MeshLab lab, String name, String type, String beginning) {
        String kind = name.equals("guarded") ? "ciliumbgppeerconfig" : "ciliumbgpclusterconfig";
        MeshLab.await(
                name + " to say of " + type + ": " + beginning,
                () -> condition(lab.get(1, kind, name), type),
                said -> said.startsWith(beginning));
    }

    private static String condition(JsonNode object, String type) {
        return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals("cilium.io/" + type))
                .map(condition -> condition.path("status").asText() + " "
                        + condition.path("reason").asText() + ": "
                        + condition.path("message").asText())
                .findFirst()
                .orElse("");
    }

    private static void awaitColumns(MeshLab lab, String kind, String row) {
        MeshLab.await(
                kind + " to show " + row,
                () -> lab.programs.kubectl(1, "get", kind, "--no-headers"),
                shown -> shown.lines().anyMatch(line -> line.matches(row)));
    }
}
