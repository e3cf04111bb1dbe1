package dev.tombolo.kube.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.model.bgp.BgpDrain;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is sent for BGP. */
final class BgpRequestsTest extends RequestScene {
    @Test
    void aNodeWritesItsOwnSessionsAndHowTheyAre() throws IOException {
        var peer = new BgpNodeConfigObject.Peer("tor", "192.0.2.1", 64501, "192.0.2.11", Optional.empty());
        var spec = new BgpNodeConfigObject.Spec(
                List.of(new BgpNodeConfigObject.Instance("a", 64500, "192.0.2.11", List.of(peer))));
        var status = new BgpNodeConfigObject.Status(
                "rack0", List.of("young"), "0/1", 0, "a/tor: Connecting", List.of(), List.of());
        var target = api.writes().bgp().nodeConfig("n1");
        assertThat(target.observe()).isEmpty();
        target.put("n1", new BgpNodeConfigObject.Content(spec, status));
        String path = "/apis/cilium.io/v2/ciliumbgpnodeconfigs";
        assertThat(requests).anyMatch(request -> request.startsWith("POST " + path + " {"));
        String object =
                "{\"kind\":\"CiliumBGPNodeConfig\",\"apiVersion\":\"cilium.io/v2\",\"metadata\":{\"name\":\"n1\"},"
                        + "\"spec\":{\"bgpInstances\":[{\"name\":\"a\",\"localASN\":64500,\"routerID\":\"192.0.2.11\",\"peers\":["
                        + "{\"name\":\"tor\",\"peerAddress\":\"192.0.2.1\",\"peerASN\":64501,\"localAddress\":\"192.0.2.11\"}]}]}}";
        objects.put(path + "/n1", object);
        objects.put(path + "/n1/status", object);
        requests.clear();
        assertThat(target.observe())
                .containsEntry("n1", new BgpNodeConfigObject.Content(spec, BgpNodeConfigObject.Status.EMPTY));
        target.put("n1", new BgpNodeConfigObject.Content(spec, status));
        assertThat(requests)
                .filteredOn(request -> !request.startsWith("GET "))
                .singleElement()
                .asString()
                .startsWith("PATCH " + path + "/n1/status {\"status\":{")
                .contains(
                        "\"conflictingClusterConfigs\":[\"young\"]",
                        "\"sessions\":\"0/1\"",
                        "\"down\":\"a/tor: Connecting\"");
    }

    @Test
    void whatANodeThatIsGoneHasSaidIsDeletedAndNothingIsReadForThat() throws IOException {
        String node = "/api/v1/nodes/n1";
        assertThat(api.writes().nodes().exists("n1")).isFalse();
        objects.put(node, "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n1\"}}");
        assertThat(api.writes().nodes().exists("n1")).isTrue();
        api.writes().bgp().removeNodeConfig("n1");
        assertThat(requests)
                .extracting(request -> request.split(" \\{")[0])
                .containsExactly("GET " + node, "GET " + node, "DELETE /apis/cilium.io/v2/ciliumbgpnodeconfigs/n1");
    }

    @Test
    void aDrainIsAnAnnotationThatGoesWithIt() throws IOException {
        String path = "/apis/cilium.io/v2/ciliumbgpclusterconfigs/rack0";
        objects.put(
                path,
                "{\"kind\":\"CiliumBGPClusterConfig\",\"apiVersion\":\"cilium.io/v2\",\"metadata\":{\"name\":\"rack0\"}}");
        api.writes().bgp().drain("rack0", Optional.of(BgpDrain.parse("2026-01-02T03:04:05Z/PT5S")));
        api.writes().bgp().drain("rack0", Optional.empty());
        assertThat(requests)
                .filteredOn(request -> !request.startsWith("GET "))
                .containsExactly(
                        "PATCH " + path
                                + " {\"metadata\":{\"annotations\":{\"bgp.tombolo.dev/drain\":\"2026-01-02T03:04:05Z/PT5S\"}}}",
                        "PATCH " + path + " {\"metadata\":{\"annotations\":{\"bgp.tombolo.dev/drain\":null}}}");
    }
}
