package dev.tombolo.kube.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.KubeException;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exactly which requests a write sends: the roles in deploy/ allow these and nothing else. The client reads an object
 * before it patches it, so whoever may patch must be allowed to get.
 */
@Timeout(60)
final class RequestsTest {
    private static final String MESH = "/apis/tombolo.dev/v1alpha1/";
    private static final ObjectKey WEB = new ObjectKey("shop", "web");
    private static final String SERVICE = "/api/v1/namespaces/shop/services/web";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, String> objects = new ConcurrentHashMap<>();
    private HttpServer server;
    private KubeApi api;

    @TempDir
    private Path directory;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        String config = """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: 'http://127.0.0.1:%d'}}]
                users: [{name: u, user: {token: t}}]
                """.formatted(server.getAddress().getPort());
        Path file = Files.writeString(directory.resolve("config"), config);
        api = KubeApi.connect(new KubeAccess.KubeConfig(Optional.of(file), Optional.empty()));
    }

    @AfterEach
    void stop() {
        api.close();
        server.stop(0);
    }

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
    void addressesOfAServiceAreAPatchOfItsStatusForTheVersionThatWasRead() throws IOException {
        service("{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\",\"ipMode\":\"VIP\"},{\"ip\":\"192.0.2.2\"},"
                + "{\"hostname\":\"lb.example\"}]},\"conditions\":[{\"type\":\"Other\",\"status\":\"True\"}]}");
        var read = api.reads().service(WEB).orElseThrow();
        requests.clear();
        var condition =
                new ObservedCondition(LoadBalancing.CONDITION, "True", 2, "satisfied", "", Optional.of(Instant.EPOCH));
        assertThat(api.writes()
                        .serviceAddresses()
                        .write(
                                read,
                                List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.9")),
                                Optional.of(condition)))
                .isTrue();
        assertThat(requests)
                .filteredOn(request -> request.startsWith("PATCH"))
                .singleElement()
                .satisfies(patch -> {
                    assertThat(patch).startsWith("PATCH " + SERVICE + "/status ");
                    assertThat(MAPPER.readTree(patch.substring(patch.indexOf('{'))))
                            .isEqualTo(MAPPER.readTree("{\"metadata\":{\"resourceVersion\":\"7\"},\"status\":{"
                                    + "\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\",\"ipMode\":\"VIP\"},"
                                    + "{\"hostname\":\"lb.example\"},{\"ip\":\"192.0.2.9\"}]},"
                                    + "\"conditions\":[{\"type\":\"Other\",\"status\":\"True\"},"
                                    + "{\"type\":\"cilium.io/IPAMRequestSatisfied\",\"status\":\"True\",\"observedGeneration\":2,"
                                    + "\"reason\":\"satisfied\",\"lastTransitionTime\":\"1970-01-01T00:00:00Z\"}]}}"));
                });
    }

    @Test
    void aServiceThatIsNotAsItWasReadIsNotWritten() throws IOException {
        service("{}");
        var read = api.reads().service(WEB).orElseThrow();
        service("{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\"}]}}");
        assertThat(api.writes().serviceAddresses().isAsRead(read)).isFalse();
        assertThat(api.writes().serviceAddresses().write(read, List.of(), Optional.empty()))
                .isFalse();
        service("{}");
        assertThat(api.writes().serviceAddresses().isAsRead(read)).isTrue();
        objects.put(SERVICE + "/status", "conflict");
        assertThat(api.writes().serviceAddresses().write(read, List.of(), Optional.empty()))
                .isFalse();
    }

    private void service(String status) {
        String service = "{\"kind\":\"Service\",\"apiVersion\":\"v1\",\"metadata\":{\"namespace\":\"shop\","
                + "\"name\":\"web\",\"resourceVersion\":\"7\"},\"spec\":{\"type\":\"LoadBalancer\"},\"status\":"
                + status
                + "}";
        objects.put(SERVICE, service);
        objects.put(SERVICE + "/status", service);
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
    void theFirstReportOfANodeMakesItsObject() throws IOException {
        api.writes().statuses().meshNode("n1", MeshNodeObject.Status.EMPTY);
        assertThat(requests).contains("GET " + MESH + "meshnodes/n1").anyMatch(r -> r.startsWith("POST " + MESH));
        assertThat(requests).noneMatch(request -> request.startsWith("PUT"));
    }

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

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        requests.add((exchange.getRequestMethod() + " " + path + " " + body).strip());
        String object = objects.get(path);
        boolean create = exchange.getRequestMethod().equals("POST");
        if ("conflict".equals(object)) {
            send(exchange, 409, status(409, "AlreadyExists", "already exists"));
        } else if ("forbidden".equals(object)) {
            send(exchange, 403, status(403, "Forbidden", "not allowed"));
        } else if (create) {
            send(exchange, 201, body);
        } else if (object == null) {
            String[] parts = path.split("/");
            send(
                    exchange,
                    404,
                    status(
                            404,
                            "NotFound",
                            parts[parts.length - 2] + " \\\"" + parts[parts.length - 1] + "\\\" not found"));
        } else {
            send(exchange, 200, object);
        }
    }

    private static String status(int code, String reason, String message) {
        return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"" + reason
                + "\",\"message\":\"" + message + "\",\"code\":" + code + "}";
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
