package dev.tombolo.kube.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressPolicyReading;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Manifests in, what they mean out; {@code -Dgolden.update=true} writes the golden file anew. */
final class EgressPoliciesTest {
    private static final Path FOLDER = Path.of("src/test/resources/dev/tombolo/kube");
    private final List<Invalid> invalid = new ArrayList<>();

    @Test
    void manifestsAreReadAsTheyAreMeant() throws IOException {
        String text = manifests().stream()
                .map(object -> CustomObjects.egressPolicy(object, invalid::add).orElseThrow())
                .map(EgressPolicyObject::reading)
                .map(EgressPoliciesTest::described)
                .collect(Collectors.joining("\n"));
        var golden = FOLDER.resolve("egress-policies.golden.txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
        assertThat(invalid).isEmpty();
    }

    @Test
    void anObjectWithoutASpecIsARowThatIsRefused() {
        var row = CustomObjects.egressPolicy(read("kind: CiliumEgressGatewayPolicy\nmetadata: {name: a}"), invalid::add)
                .orElseThrow();
        assertThat(row.reading().policy()).isEmpty();
        assertThat(row.reading().refused()).hasSize(3);
    }

    @Test
    void whoeverTellsOfAPolicyKnowsWhichOneItWas() {
        var row = CustomObjects.egressPolicy(
                        read("kind: CiliumEgressGatewayPolicy\nmetadata: {name: a, uid: u, generation: 3}"),
                        invalid::add)
                .orElseThrow();
        assertThat(row.uid()).isEqualTo("u");
        assertThat(row.generation()).isEqualTo(3);
    }

    /** The generation stays what it is when an annotation changes. */
    @Test
    void anAnnotationOfOursMakesAnotherVersionAndNoOtherDoes() {
        assertThat(version("")).isEqualTo(version("team: shop")).isEqualTo(new EgressPolicyObject.Version(3, ""));
        assertThat(version("egress.tombolo.dev/priority: '1'"))
                .isEqualTo(version("team: shop, egress.tombolo.dev/priority: '1'"))
                .isNotEqualTo(version("egress.tombolo.dev/priority: '2'"))
                .isNotEqualTo(version(""));
    }

    private EgressPolicyObject.Version version(String annotations) {
        String metadata = "{name: a, generation: 3, annotations: {%s}}".formatted(annotations);
        return CustomObjects.egressPolicy(read("kind: CiliumEgressGatewayPolicy\nmetadata: " + metadata), invalid::add)
                .orElseThrow()
                .version();
    }

    @Test
    void aFieldOfTheWrongTypeStopsNoOtherObject() {
        assertThat(CustomObjects.egressPolicy(read("""
                                kind: CiliumEgressGatewayPolicy
                                metadata: {name: a}
                                spec: {destinationCIDRs: 5}
                                """), invalid::add)).isEmpty();
        assertThat(invalid).extracting(Invalid::where).containsExactly("CiliumEgressGatewayPolicy a");
    }

    @Test
    void aStatusComesBackAsItWasWritten() {
        var status = new EgressPolicyObject.Status(
                3,
                7,
                "n1",
                "192.0.2.10",
                List.of(new EgressPolicyObject.Gateway("n1", "west", "a", "192.0.2.10", 64, "n2")),
                List.of(Condition.of("Programmed", true, "InSync", "", Instant.parse("2026-01-02T03:04:05Z"))));
        var object = CustomObjects.object(CustomKinds.EGRESS_POLICY, "out", java.util.Map.of());
        object.setAdditionalProperty("status", CustomObjects.json(status));
        assertThat(object.getApiVersion()).isEqualTo("cilium.io/v2");
        assertThat(CustomObjects.egressPolicy(object, invalid::add)
                        .orElseThrow()
                        .status())
                .isEqualTo(status);
    }

    private static String described(EgressPolicyReading reading) {
        var text = new StringBuilder(reading.name()).append('\n');
        reading.policy().ifPresent(policy -> {
            line(text, "created", policy.created());
            policy.sources().forEach(source -> {
                line(text, "pods", source.pods());
                line(text, "  namespaces", source.namespaces());
                line(text, "  nodes", source.nodes());
            });
            policy.destinations().forEach(prefix -> line(text, "to", prefix));
            policy.excluded().forEach(prefix -> line(text, "not to", prefix));
            policy.gateways().forEach(gateway -> line(text, "through", gateway));
            line(text, "with", policy.preferences());
        });
        reading.refused().forEach(refused -> line(text, "refused", refused));
        reading.ignored().forEach(ignored -> line(text, "ignored", ignored));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, Object value) {
        text.append("  ")
                .append(what)
                .append(": ")
                .append(value.toString().isEmpty() ? "all" : value)
                .append('\n');
    }

    private static List<GenericKubernetesResource> manifests() throws IOException {
        return Arrays.stream(
                        Files.readString(FOLDER.resolve("egress-policies.yaml")).split("(?m)^---$"))
                .map(EgressPoliciesTest::read)
                .toList();
    }

    private static GenericKubernetesResource read(String yaml) {
        return Serialization.unmarshal(yaml, GenericKubernetesResource.class);
    }
}
