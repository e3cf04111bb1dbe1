package dev.tombolo.kube.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.Prefix;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Pools as people write them. */
class EgressPoolsTest {
    private final List<Invalid> invalid = new ArrayList<>();

    @Test
    void readsEveryField() {
        var pool = read("""
                kind: EgressIPPool
                metadata: {name: blue, uid: u, generation: 3, creationTimestamp: '2026-01-02T03:04:05Z'}
                spec:
                  ranges: [{cidr: 192.0.2.0/29}, {start: 192.0.2.20, end: 192.0.2.29}, {start: 192.0.2.40}]
                  nodeSelector: {matchLabels: {egress: 'true'}}
                  maxPerNode: 2
                """);
        var meant = pool.reading(List.of()).pool().orElseThrow();
        assertThat(meant.name()).isEqualTo("blue");
        assertThat(meant.created()).isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(meant.ranges()).hasToString("[192.0.2.1-192.0.2.6, 192.0.2.20-192.0.2.29, 192.0.2.40]");
        assertThat(meant.nodes()).isEqualTo(LabelSelector.of(Map.of("egress", "true")));
        assertThat(meant.maximumPerNode()).isEqualTo(OptionalInt.of(2));
        assertThat(pool.generation()).isEqualTo(3);
        assertThat(invalid).isEmpty();
    }

    @Test
    void whatCannotBeMeantIsCountedAndTheRestIsThere() {
        var pool = read("""
                kind: EgressIPPool
                metadata: {name: blue}
                spec: {ranges: [{cidr: 10.0.0.0/8}, {cidr: 10.244.1.0/29}, {start: 192.0.2.20}]}
                """);
        assertThat(invalid).extracting(Invalid::reason).containsExactly(Invalid.Reason.TOO_LARGE);
        assertThat(pool.reading(List.of(Prefix.parse("10.244.0.0/16")))
                        .pool()
                        .orElseThrow()
                        .ranges())
                .hasToString("[192.0.2.20]");
    }

    @Test
    void aFieldOfTheWrongTypeStopsNoOtherObject() {
        assertThat(CustomObjects.egressPool(
                        object("kind: EgressIPPool\nmetadata: {name: blue}\nspec: {ranges: 5}\n"), invalid::add))
                .isEmpty();
        assertThat(invalid).extracting(Invalid::where).containsExactly("EgressIPPool blue");
    }

    @Test
    void aStatusComesBackAsItWasWritten() {
        var status = new EgressPoolObject.Status(
                3,
                "192.0.2.20",
                1,
                1,
                List.of(Condition.of("Ready", true, "InForce", "", Instant.parse("2026-01-02T03:04:05Z"))));
        var object = CustomObjects.object(CustomKinds.EGRESS_POOL, "blue", Map.of());
        object.setAdditionalProperty("status", CustomObjects.json(status));
        assertThat(object.getApiVersion()).isEqualTo("tombolo.dev/v1alpha1");
        assertThat(CustomObjects.egressPool(object, invalid::add).orElseThrow().status())
                .isEqualTo(status);
    }

    private EgressPoolObject read(String yaml) {
        return CustomObjects.egressPool(object(yaml), invalid::add).orElseThrow();
    }

    private static GenericKubernetesResource object(String yaml) {
        return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    }
}
