package dev.tombolo.agent.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.LoadBalancing;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.OutsideAccess;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Load balancers that ask node n1, over loopback. */
class HealthChecksTest {
    private static final ObjectKey WEB = new ObjectKey("shop", "web");

    private final Table<ObjectKey, KubeService> services = new Table<>("services");
    private final Table<ObjectKey, KubeEndpointSlice> slices = new Table<>("slices");
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private boolean healthy = true;

    @AfterEach
    void close() throws Exception {
        client.close();
        for (var each : opened) {
            each.close();
        }
    }

    @Test
    void saysHowManyBackendsTheNodeHas() throws Exception {
        int port = freePort();
        service(WEB, port);
        backends(WEB, "n1 ready", "n1 ending", "n1 failing", "n2 ready");
        begin(ServedServices.ALL);
        var answer = awaitAnswer(port);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().strip())
                .isEqualTo("{\"service\":{\"namespace\":\"shop\",\"name\":\"web\"},\"localEndpoints\":1,"
                        + "\"serviceProxyHealthy\":true}");
        assertThat(answer.headers().map())
                .containsEntry("content-type", List.of("application/json"))
                .containsEntry("x-load-balancing-endpoint-weight", List.of("1"));
    }

    /** The connections of its last backend are to end there, and new ones to go elsewhere. */
    @Test
    void turnsLoadBalancersAwayBeforeTheLastBackendIsGone() throws Exception {
        int port = freePort();
        service(WEB, port);
        backends(WEB, "n1 ready");
        begin(ServedServices.ALL);
        assertThat(awaitAnswer(port).statusCode()).isEqualTo(200);
        backends(WEB, "n1 ending");
        await().until(() -> ask(port).statusCode() == 503);
        assertThat(ask(port).body()).contains("\"localEndpoints\":0").contains("\"serviceProxyHealthy\":true");
    }

    @Test
    void turnsLoadBalancersAwayWhileTheNodeDoesNotServe() throws Exception {
        int port = freePort();
        healthy = false;
        service(WEB, port);
        backends(WEB, "n1 ready");
        begin(ServedServices.ALL);
        var answer = awaitAnswer(port);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"localEndpoints\":1").contains("\"serviceProxyHealthy\":false");
    }

    @Test
    void followsThePortAndEndsWithTheService() throws Exception {
        int first = freePort();
        int second = freePort();
        service(WEB, first);
        begin(ServedServices.ALL);
        awaitAnswer(first);
        service(WEB, second);
        awaitAnswer(second);
        await().until(() -> isClosed(first));
        services.remove(WEB);
        await().until(() -> isClosed(second));
    }

    @Test
    void leavesThePortsToKubeProxyWhereThatRuns() throws Exception {
        int port = freePort();
        service(WEB, port);
        var checks = begin(ServedServices.GLOBAL);
        await().until(() -> checks.reconciler().applied().initialized());
        assertThat(isClosed(port)).isTrue();
    }

    @Test
    void aPortThatIsTakenIsAFailureOfItsServiceOnly() throws Exception {
        var other = new ObjectKey("shop", "other");
        int port = freePort();
        try (var taken = new ServerSocket(0)) {
            service(WEB, taken.getLocalPort());
            service(other, port);
            var checks = begin(ServedServices.ALL);
            awaitAnswer(port);
            await().until(() -> checks.reconciler().failures().containsKey(WEB));
            assertThat(checks.reconciler().failures().get(WEB).reason())
                    .startsWith("healthCheckNodePort " + taken.getLocalPort() + " cannot be opened: ");
            assertThat(checks.reconciler().failures()).hasSize(1);
        }
    }

    @Test
    void clientsThatSayNothingDoNotKeepOthersOut() throws Exception {
        int port = freePort();
        service(WEB, port);
        begin(ServedServices.ALL);
        awaitAnswer(port);
        for (int i = 0; i < 200; i++) {
            opened.add(new Socket(InetAddress.getLoopbackAddress(), port));
        }
        awaitAnswer(port);
    }

    @Test
    void aRequestWithoutEndIsGivenUp() throws Exception {
        int port = freePort();
        service(WEB, port);
        begin(ServedServices.ALL);
        awaitAnswer(port);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("x".repeat(8_192).getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    private HealthChecks begin(ServedServices served) {
        services.markInitialized();
        slices.markInitialized();
        var checks = new HealthChecks(served, "n1", services, slices, () -> healthy, Clock.systemUTC());
        opened.add(checks);
        return checks;
    }

    private void service(ObjectKey key, int port) {
        services.put(
                key,
                new KubeService(
                        key,
                        "",
                        Map.of(),
                        Map.of(),
                        KubeService.Type.LOAD_BALANCER,
                        List.of(IpAddress.parse("10.96.0.7")),
                        List.of(),
                        List.of(new KubeService.Port("http", Protocol.TCP, 80, "", 30_080)),
                        Map.of(),
                        false,
                        false,
                        0,
                        LoadBalancing.NONE,
                        new OutsideAccess(List.of(), true, Optional.empty(), port),
                        false));
    }

    /** @param backends as {@code n1 ready}, {@code n1 ending} or {@code n1 failing} */
    private void backends(ObjectKey key, String... backends) {
        var endpoints = new ArrayList<KubeEndpointSlice.Endpoint>();
        for (var backend : backends) {
            var words = backend.split(" ");
            boolean ready = words[1].equals("ready");
            boolean ends = words[1].equals("ending");
            var address = IpAddress.parse("10.1.0." + (endpoints.size() + 1));
            endpoints.add(new KubeEndpointSlice.Endpoint(address, ready, ready || ends, ends, words[0], "", "", ""));
        }
        slices.put(
                key,
                new KubeEndpointSlice(
                        key,
                        key,
                        KubeEndpointSlice.Family.IPV4,
                        "",
                        Map.of(),
                        endpoints,
                        List.of(new KubeEndpointSlice.Port("http", Protocol.TCP, 8080))));
    }

    private HttpResponse<String> awaitAnswer(int port) {
        return await().ignoreException(IOException.class)
                .ignoreException(ConnectException.class)
                .until(() -> ask(port), answer -> answer != null);
    }

    private HttpResponse<String> ask(int port) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static boolean isClosed(int port) throws IOException {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
