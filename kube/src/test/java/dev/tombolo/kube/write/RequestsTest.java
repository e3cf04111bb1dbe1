package dev.tombolo.kube.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.kube.KubeException;
import dev.tombolo.kube.object.ObjectKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is sent for nodes, identities, Events and Secrets, and how a refusal is told. */
final class RequestsTest extends RequestScene {
    @Test
    void annotatingANodePatchesNothingElse() throws IOException {
        objects.put("/api/v1/nodes/n1", "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n1\"}}");
        api.writes().nodes().annotate("n1", Map.of("tombolo.dev/wireguard-port", "51871"));
        assertThat(requests)
                .containsExactly(
                        "GET /api/v1/nodes/n1",
                        "PATCH /api/v1/nodes/n1 {\"metadata\":{\"annotations\":{\"tombolo.dev/wireguard-port\":\"51871\"}}}");
    }

    @Test
    void clearingAnAnnotationSendsANull() throws IOException {
        objects.put("/api/v1/nodes/n1", "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n1\"}}");
        api.writes().nodes().clear("n1", java.util.Set.of("k"));
        assertThat(requests)
                .containsExactly(
                        "GET /api/v1/nodes/n1", "PATCH /api/v1/nodes/n1 {\"metadata\":{\"annotations\":{\"k\":null}}}");
    }

    @Test
    void withoutTheKindThereAreNoPoolsAndWithoutAnAnswerThatIsNotKnown() throws IOException {
        assertThat(api.writes().mesh().egressPools()).isEmpty();
        objects.put(MESH + "egressippools", "forbidden");
        assertThatThrownBy(() -> api.writes().mesh().egressPools()).isInstanceOf(KubeException.class);
    }

    @Test
    void anEventOnAPolicyIsWhereThoseOfClusterWideObjectsAre() throws IOException {
        api.writes()
                .events("test")
                .record(
                        KubeEvents.Subject.egressPolicy("out", "u"),
                        KubeEvents.Severity.WARNING,
                        "NoGateway",
                        "no node matches");
        assertThat(requests)
                .singleElement()
                .asString()
                .startsWith("POST /api/v1/namespaces/default/events ")
                .contains("\"kind\":\"CiliumEgressGatewayPolicy\"", "\"name\":\"out\"", "\"uid\":\"u\"");
    }

    @Test
    void anIdentityThatSomebodyElseTookIsNoError() throws IOException {
        assertThat(api.writes().identities().create(131_073, Map.of("k8s:app", "web")))
                .isTrue();
        objects.put(MESH + "meshidentities", "conflict");
        assertThat(api.writes().identities().create(131_073, Map.of("k8s:app", "web")))
                .isFalse();
        assertThat(requests).hasSize(2).allMatch(request -> request.startsWith("POST " + MESH + "meshidentities"));
    }

    @Test
    void aRefusalIsASentenceWithItsCodeAndWithoutTheContent() {
        assertThatThrownBy(() -> api.writes().nodes().annotate("n1", Map.of("k", "v")))
                .isInstanceOf(KubeException.class)
                .hasMessage("annotation of Node n1 failed: nodes \"n1\" not found")
                .extracting(failure -> ((KubeException) failure).code())
                .isEqualTo(404);
        objects.put("/api/v1/namespaces/a/secrets", "forbidden");
        assertThatThrownBy(() -> api.writes()
                        .secrets()
                        .createIfAbsent(
                                new ObjectKey("a", "b"), Map.of("tls.key", "PRIVATE".getBytes(StandardCharsets.UTF_8))))
                .hasMessageContaining("creation of Secret a/b failed")
                .hasMessageNotContaining("PRIVATE")
                .hasMessageNotContaining("UFJJVkFURQ");
    }
}
