package dev.tombolo.kube.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject.PeerStatus;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Manifests in, what they mean out; {@code -Dgolden.update=true} writes the golden file anew. */
final class BgpRowsTest {
    private static final Path FOLDER = Path.of("src/test/resources/dev/tombolo/kube");
    private final List<Invalid> invalid = new ArrayList<>();

    @Test
    void manifestsAreReadAsTheyAreMeant() throws IOException {
        String text = Arrays.stream(Files.readString(FOLDER.resolve("bgp.yaml")).split("(?m)^---$"))
                .map(BgpRowsTest::object)
                .map(this::described)
                .collect(Collectors.joining("\n"));
        var golden = FOLDER.resolve("bgp.golden.txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    @Test
    void oneThatIsNotOfTheSchemaIsARowThatIsRefused() {
        var row = BgpRows.clusterConfig(
                        object("kind: CiliumBGPClusterConfig\nmetadata: {name: a}\nspec: {bgpInstances: 5}"),
                        invalid::add)
                .orElseThrow();
        assertThat(row.reading().config()).isEmpty();
        assertThat(row.reading().refused()).singleElement().satisfies(refused -> {
            assertThat(refused.where()).isEqualTo("CiliumBGPClusterConfig a");
            assertThat(refused.reason()).isEqualTo(Invalid.Reason.MALFORMED);
        });
        assertThat(invalid).isEqualTo(row.reading().refused());
    }

    @Test
    void withoutASpecNothingIsInForceAndThatIsSaid() {
        var row = BgpRows.advertisement(
                        object("kind: CiliumBGPAdvertisement\nmetadata: {name: a, uid: u, generation: 3}"),
                        invalid::add)
                .orElseThrow();
        assertThat(row.head().uid()).isEqualTo("u");
        assertThat(row.head().generation()).isEqualTo(3);
        assertThat(row.reading().refused()).hasSize(1);
    }

    @Test
    void whatANodeWritesComesBackAsItWasWritten() {
        var since = Instant.parse("2026-01-02T03:04:05Z");
        var peer = new BgpNodeConfigObject.Peer(
                "tor", "192.0.2.1", 64501, "192.0.2.11", Optional.of(new BgpNodeConfigObject.Reference("tor")));
        var spec = new BgpNodeConfigObject.Spec(
                List.of(new BgpNodeConfigObject.Instance("a", 64500, "192.0.2.11", List.of(peer))));
        var status = new BgpNodeConfigObject.Status(
                "rack0",
                List.of("young"),
                "1/2",
                4,
                "a/spine: MissingAuthSecret",
                List.of(new BgpNodeConfigObject.InstanceStatus(
                        "a",
                        64500,
                        List.of(new PeerStatus(
                                "tor",
                                "192.0.2.1",
                                64501,
                                PeerStatus.ESTABLISHED,
                                Optional.of(new BgpNodeConfigObject.Timers(9, 3)),
                                Optional.of(since),
                                List.of(new BgpNodeConfigObject.RouteCount("ipv4", "unicast", 0, 4)),
                                "tor",
                                "",
                                "",
                                Optional.of(new BgpNodeConfigObject.BfdStatus(
                                        "down", Optional.of(since), "RouterSilent", "it has fallen silent")))))),
                List.of(ObservedCondition.of("cilium.io/BGPReconcileError", "False", 1, "Reconciled", "")
                        .after(List.of(), since)));
        var object = CustomObjects.object(CustomKinds.BGP_NODE_CONFIG, "n1", spec);
        object.setAdditionalProperty("status", CustomObjects.json(status));
        assertThat(object.getApiVersion()).isEqualTo("cilium.io/v2");
        var row = BgpRows.nodeConfig(object, invalid::add).orElseThrow();
        assertThat(row.spec()).isEqualTo(spec);
        assertThat(row.status()).isEqualTo(status);
        assertThat(invalid).isEmpty();
    }

    private String described(GenericKubernetesResource object) {
        var text =
                new StringBuilder(object.getKind() + " " + object.getMetadata().getName() + "\n");
        switch (object.getKind()) {
            case "CiliumBGPClusterConfig" -> {
                var reading = BgpRows.clusterConfig(object, invalid::add)
                        .orElseThrow()
                        .reading();
                line(text, "means", reading.config());
                reading.refused().forEach(refused -> line(text, "refused", refused));
            }
            case "CiliumBGPPeerConfig" -> {
                var reading =
                        BgpRows.peerConfig(object, invalid::add).orElseThrow().reading();
                line(text, "means", reading.config());
                reading.refused().forEach(refused -> line(text, "refused", refused));
            }
            case "CiliumBGPAdvertisement" -> {
                var reading = BgpRows.advertisement(object, invalid::add)
                        .orElseThrow()
                        .reading();
                line(text, "labels", reading.advertisement().map(read -> new java.util.TreeMap<>(read.labels())));
                reading.advertisement().ifPresent(read -> read.entries().forEach(entry -> line(text, "entry", entry)));
                reading.refused().forEach(refused -> line(text, "refused", refused));
            }
            default -> {
                var reading =
                        BgpRows.override(object, invalid::add).orElseThrow().reading();
                line(text, "means", reading.override());
                reading.refused().forEach(refused -> line(text, "refused", refused));
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String what, Object value) {
        text.append("  ").append(what).append(": ").append(value).append('\n');
    }

    private static GenericKubernetesResource object(String yaml) {
        return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    }

    @Test
    void anEmptyMapIsAsGoodAsNone() {
        assertThat(CustomObjects.json(BgpNodeConfigObject.Status.EMPTY)).isEqualTo(Map.of("routes", 0));
    }
}
