package dev.tombolo.kube.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.Counts;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CustomObjectsTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    private final List<Invalid> invalid = new ArrayList<>();

    @Test
    void aSpecComesBackAsItWasWritten() {
        var spec = new MeshPeerObject.Spec(
                2,
                List.of("https://192.0.2.1:32379"),
                "CA",
                "CSR",
                "",
                List.of("10.2.0.0/16"),
                List.of("192.0.2.11/32"),
                "100.64.128.0/18",
                255,
                Optional.of(new Counts(1, 2, 3, 4)));
        var object = CustomObjects.object(CustomKinds.MESH_PEER, "east", spec);
        assertThat(CustomObjects.meshPeer(object, invalid::add).orElseThrow().spec())
                .isEqualTo(spec);
        assertThat(object.getAdditionalProperties().get("spec").toString()).doesNotContain("clientCertificate");
    }

    @Test
    void aStatusComesBackAsItWasWritten() {
        var status = new MeshPeerObject.Status(
                MeshPeerObject.State.Stale,
                true,
                Optional.of(TIME),
                Optional.empty(),
                new Counts(1, 2, 3, 4),
                Map.of("WRONG_CLUSTER", 7L),
                Optional.of(new MeshPeerObject.LastError("TIMEOUT", "no answer", Optional.of(TIME))),
                "PEM",
                Optional.of(TIME),
                List.of(Condition.of("Connected", false, "Timeout", "no answer", TIME)));
        var object = CustomObjects.object(CustomKinds.MESH_PEER, "east", Map.of("clusterId", 2));
        object.setAdditionalProperty("status", CustomObjects.json(status));
        assertThat(CustomObjects.meshPeer(object, invalid::add).orElseThrow().status())
                .isEqualTo(status);
        assertThat(CustomObjects.json(status)).containsEntry("staleSince", "2026-01-02T03:04:05Z");
    }

    @Test
    void whatIsAbsentHasADefaultAndWhatIsUnknownIsIgnored() {
        var node = CustomObjects.meshNode(read("""
                                kind: MeshNode
                                metadata: {name: n1}
                                status: {ready: true, invented: {by: later}, clusters: [{name: east, state: Fresh, paths: 3}]}
                                """), invalid::add).orElseThrow();
        assertThat(node.status().ready()).isTrue();
        assertThat(node.status().heartbeat()).isEmpty();
        assertThat(node.status().clusters())
                .containsExactly(new MeshNodeObject.Cluster(
                        "east", MeshPeerObject.State.Fresh, Optional.empty(), 0, 0, 0, 3, 0));
        assertThat(CustomObjects.meshNode(read("{kind: MeshNode, metadata: {name: n2}}"), invalid::add)
                        .orElseThrow()
                        .status())
                .isEqualTo(MeshNodeObject.Status.EMPTY);
        assertThat(invalid).isEmpty();
    }

    @Test
    void aNodeSaysWhatItHoldsOfAnEgressPolicy() {
        var held = List.of(
                new MeshNodeObject.EgressProgrammed("fine", 3, ""),
                new MeshNodeObject.EgressProgrammed("full", 1, "map eg_rules is full"));
        var status = new MeshNodeObject.Status(
                "", true, null, List.of(), 0, List.of(), held, List.of(), Optional.empty(), List.of());
        var object = CustomObjects.object(CustomKinds.MESH_NODE, "n1", Map.of());
        object.setAdditionalProperty("status", CustomObjects.json(status));
        assertThat(CustomObjects.meshNode(object, invalid::add).orElseThrow().status())
                .isEqualTo(status);
        assertThat(CustomObjects.json(status).get("egress").toString())
                .isEqualTo("[{policy=fine, generation=3}, {policy=full, generation=1, problem=map eg_rules is full}]");
    }

    @Test
    void whatASilentNodeSaidIsNoNews() {
        var said = new MeshNodeObject.Status(
                "", true, null, List.of(), 0, List.of(), List.of(), List.of(), Optional.of(TIME), List.of());
        var node = new MeshNodeObject("n1", said);
        assertThat(node.isFresh(TIME.plusSeconds(89))).isTrue();
        assertThat(node.isFresh(TIME.plusSeconds(90))).isFalse();
        assertThat(new MeshNodeObject("n1", null).isFresh(TIME)).isFalse();
    }

    @Test
    void anObjectThatCannotBeReadIsAValueNotAnException() {
        assertThat(CustomObjects.meshPeer(read("{kind: MeshPeer, metadata: {name: a}}"), invalid::add))
                .isEmpty();
        assertThat(CustomObjects.meshPeer(
                        read("{kind: MeshPeer, metadata: {name: b}, spec: {clusterId: 1, endpoints: 5}}"),
                        invalid::add))
                .isEmpty();
        assertThat(CustomObjects.meshNode(
                        read("{kind: MeshNode, metadata: {name: c}, status: {heartbeat: yesterday}}"), invalid::add))
                .isEmpty();
        assertThat(CustomObjects.meshIdentity(
                        read("{kind: MeshIdentity, metadata: {name: d}, spec: {}}"), invalid::add))
                .isEmpty();
        assertThat(invalid)
                .extracting(Invalid::where)
                .containsExactly("MeshPeer a", "MeshPeer b", "MeshNode c", "MeshIdentity d");
    }

    @Test
    void anIdentitysNameIsItsNumber() {
        var labels = Map.of("k8s:app", "web");
        var row = CustomObjects.meshIdentity(CustomObjects.identity(131_073, labels), invalid::add)
                .orElseThrow();
        assertThat(row.id()).isEqualTo(131_073);
        assertThat(row.labels()).isEqualTo(labels);
    }

    private static GenericKubernetesResource read(String yaml) {
        // A text that starts with a brace would be taken for JSON.
        return Serialization.unmarshal("---\n" + yaml, GenericKubernetesResource.class);
    }
}
