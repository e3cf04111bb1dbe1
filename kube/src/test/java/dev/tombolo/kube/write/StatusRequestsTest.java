package dev.tombolo.kube.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sent for statuses. */
final class StatusRequestsTest extends RequestScene {
    @Test
    void aStatusThatIsAsItWasIsReadAndNotWritten() throws IOException {
        String path = MESH + "meshpeers/east";
        objects.put(
                path,
                peer("{\"state\":\"Fresh\",\"connected\":true,\"counts\":{\"nodes\":0,\"identities\":0,"
                        + "\"endpoints\":0,\"services\":0}}"));
        assertThat(api.writes().statuses().meshPeer("east", fresh(true))).isFalse();
        assertThat(requests).containsExactly("GET " + path);
    }

    @Test
    void aStatusThatDiffersIsAPatchOfTheDifference() throws IOException {
        String path = MESH + "meshpeers/east";
        objects.put(
                path,
                peer("{\"state\":\"Fresh\",\"connected\":false,\"staleSince\":\"2026-01-01T00:00:00Z\","
                        + "\"counts\":{\"nodes\":0,\"identities\":0,\"endpoints\":0,\"services\":0}}"));
        objects.put(path + "/status", peer("{}"));
        assertThat(api.writes().statuses().meshPeer("east", fresh(true))).isTrue();
        assertThat(requests)
                .containsExactly(
                        "GET " + path,
                        "GET " + path,
                        "PATCH " + path + "/status {\"status\":{\"staleSince\":null,\"connected\":true}}");
    }

    @Test
    void aPeerThatIsGoneIsNotBroughtBackByItsStatus() throws IOException {
        assertThat(api.writes().statuses().meshPeer("east", fresh(true))).isFalse();
        assertThat(requests).containsExactly("GET " + MESH + "meshpeers/east");
    }

    @Test
    void anEgressPolicyHasAStatusOnlyWhereItsKindIsOurs() throws IOException {
        String kinds = "{\"kind\":\"APIResourceList\",\"groupVersion\":\"cilium.io/v2\",\"resources\":"
                + "[{\"name\":\"ciliumegressgatewaypolicies\",\"kind\":\"CiliumEgressGatewayPolicy\"}%s]}";
        assertThat(api.writes().statuses().hasEgressPolicies()).isFalse();
        objects.put("/apis/cilium.io/v2", kinds.formatted(""));
        assertThat(api.writes().statuses().hasEgressPolicies()).isFalse();
        objects.put("/apis/cilium.io/v2", kinds.formatted(",{\"name\":\"ciliumegressgatewaypolicies/status\"}"));
        assertThat(api.writes().statuses().hasEgressPolicies()).isTrue();
        assertThat(requests).hasSize(3).containsOnly("GET /apis/cilium.io/v2");
    }

    @Test
    void anEgressPolicysStatusIsAPatchOfItsStatusAlone() throws IOException {
        String path = "/apis/cilium.io/v2/ciliumegressgatewaypolicies/out";
        String policy = "{\"kind\":\"CiliumEgressGatewayPolicy\",\"apiVersion\":\"cilium.io/v2\","
                + "\"metadata\":{\"name\":\"out\"}}";
        objects.put(path, policy);
        objects.put(path + "/status", policy);
        var status = new EgressPolicyObject.Status(3, 7, "n1", "192.0.2.10", List.of(), List.of());
        assertThat(api.writes().statuses().egressPolicy("out", status)).isTrue();
        assertThat(requests)
                .containsExactly(
                        "GET " + path,
                        "GET " + path,
                        "PATCH " + path + "/status {\"status\":{\"observedGeneration\":3,\"selectedPods\":7,"
                                + "\"gatewayNames\":\"n1\",\"egressIPs\":\"192.0.2.10\"}}");
    }

    @Test
    void aPoolsStatusIsAPatchOfItsStatusAlone() throws IOException {
        String path = MESH + "egressippools/blue";
        String pool =
                "{\"kind\":\"EgressIPPool\",\"apiVersion\":\"tombolo.dev/v1alpha1\",\"metadata\":{\"name\":\"blue\"}}";
        objects.put(path, pool);
        objects.put(path + "/status", pool);
        var status = new EgressPoolObject.Status(3, "192.0.2.10", 1, 0, List.of());
        assertThat(api.writes().statuses().egressPool("blue", status)).isTrue();
        assertThat(requests)
                .containsExactly(
                        "GET " + path,
                        "GET " + path,
                        "PATCH " + path + "/status {\"status\":{\"observedGeneration\":3,"
                                + "\"ranges\":\"192.0.2.10\",\"total\":1,\"used\":0}}");
    }

    @Test
    void poolsOfAddressesAreOursOnlyWhereTheKindIsInOurCategory() throws IOException {
        String kinds = "{\"kind\":\"APIResourceList\",\"groupVersion\":\"cilium.io/v2\",\"resources\":"
                + "[{\"name\":\"ciliumloadbalancerippools\",\"kind\":\"CiliumLoadBalancerIPPool\",\"categories\":[%s]}]}";
        assertThat(api.writes().statuses().ownsAddressPools()).isFalse();
        objects.put("/apis/cilium.io/v2", kinds.formatted("\"cilium\""));
        assertThat(api.writes().statuses().ownsAddressPools()).isFalse();
        objects.put("/apis/cilium.io/v2", kinds.formatted("\"cilium\",\"tombolo\""));
        assertThat(api.writes().statuses().ownsAddressPools()).isTrue();
    }

    @Test
    void theFirstReportOfANodeMakesItsObject() throws IOException {
        api.writes().statuses().meshNode("n1", MeshNodeObject.Status.EMPTY);
        assertThat(requests).contains("GET " + MESH + "meshnodes/n1").anyMatch(r -> r.startsWith("POST " + MESH));
        assertThat(requests).noneMatch(request -> request.startsWith("PUT"));
    }

    private static MeshPeerObject.Status fresh(boolean connected) {
        var empty = MeshPeerObject.Status.EMPTY;
        return new MeshPeerObject.Status(
                MeshPeerObject.State.Fresh,
                connected,
                empty.staleSince(),
                empty.lastHeartbeat(),
                empty.counts(),
                empty.refused(),
                empty.lastError(),
                "",
                empty.issuedCertificateExpires(),
                List.of());
    }

    private static String peer(String status) {
        return "{\"kind\":\"MeshPeer\",\"apiVersion\":\"tombolo.dev/v1alpha1\",\"metadata\":{\"name\":\"east\"},"
                + "\"spec\":{\"clusterId\":2},\"status\":" + status + "}";
    }
}
