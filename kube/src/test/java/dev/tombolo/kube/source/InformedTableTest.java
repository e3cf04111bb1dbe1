package dev.tombolo.kube.source;

import static dev.tombolo.kube.source.SaidByApi.event;
import static dev.tombolo.kube.source.SaidByApi.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.Invalid;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An informer against an HTTP server that says what the API would say. */
@Timeout(60)
final class InformedTableTest {
    private static final String GOOD = """
            {"apiVersion":"tombolo.dev/v1alpha1","kind":"MeshPeer","metadata":{"name":"%s","resourceVersion":"%d"},\
            "spec":{"clusterId":%d,"endpoints":["https://192.0.2.1:32379"]}}""";
    private static final String BAD = """
            {"apiVersion":"tombolo.dev/v1alpha1","kind":"MeshPeer","metadata":{"name":"bad","resourceVersion":"2"},\
            "spec":{"clusterId":"many"}}""";

    private static final String POLICIES = """
            {"apiVersion":"cilium.io/v2","kind":"CiliumEgressGatewayPolicyList","metadata":{"resourceVersion":"3"},\
            "items":[{"apiVersion":"cilium.io/v2","kind":"CiliumEgressGatewayPolicy",\
            "metadata":{"name":"out","resourceVersion":"2"}}]}""";
    private static final String NOT_FOUND = """
            {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404,\
            "message":"the server could not find the requested resource"}""";

    private final Table<String, MeshPeerObject> table = new Table<>("peers");
    private final List<Invalid> invalid = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean policiesKnown;
    private final CountDownLatch list = new CountDownLatch(1);
    private HttpServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/apis/tombolo.dev/v1alpha1/meshpeers", this::answer);
        server.createContext("/apis/cilium.io/v2/ciliumegressgatewaypolicies", this::policies);
        server.start();
    }

    @AfterEach
    void stop() {
        events.add("");
        server.stop(0);
    }

    @Test
    void followsTheListAndTheChangesAndSkipsWhatItCannotRead() throws Exception {
        try (var api = connect();
                var source = api.sources().meshPeers(table, invalid::add)) {
            assertThat(table.initialized()).isFalse();
            list.countDown();
            await().until(table::initialized);
            assertThat(table.snapshot().toMap()).containsOnlyKeys("east");
            // Told of again where the informer's own event comes after the list has been read.
            assertThat(invalid)
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.where()).isEqualTo("MeshPeer bad"));

            events.add(event("ADDED", GOOD.formatted("north", 4, 4)));
            events.add(event("MODIFIED", GOOD.formatted("east", 5, 7)));
            await().until(() -> table.snapshot().size() == 2
                    && table.snapshot().get("east").orElseThrow().spec().clusterId() == 7);
            await().until(source::watching);

            events.add(event("DELETED", GOOD.formatted("east", 6, 7)));
            await().until(() -> table.snapshot().get("east").isEmpty());
            assertThat(source.lastError()).isEmpty();
        }
    }

    @Test
    void aKindThatIsNotThereYetIsNoErrorAndIsReadOnceItIs() throws Exception {
        var policies = new Table<String, EgressPolicyObject>("policies");
        try (var api = connect();
                var source = api.sources().egressPolicies(policies, invalid::add)) {
            await().until(() -> asked.get() >= 2);
            assertThat(source.lastError()).isEmpty();
            assertThat(source.kindIsMissing()).isTrue();
            assertThat(policies.initialized()).isFalse();
            policiesKnown = true;
            await().until(policies::initialized);
            assertThat(policies.snapshot().toMap()).containsOnlyKeys("out");
            await().until(() -> !source.kindIsMissing());
        }
    }

    @Test
    void aKindThatMustBeThereIsAnErrorWhereItIsNot() throws Exception {
        var nodes = new Table<String, MeshNodeObject>("nodes");
        try (var api = connect();
                var source = api.sources().meshNodes(nodes, invalid::add)) {
            await().until(() -> source.lastError().isPresent());
            assertThat(source.lastError().orElseThrow()).contains("meshnodes", "Not Found");
        }
    }

    private void policies(HttpExchange exchange) {
        asked.incrementAndGet();
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(policiesKnown ? 200 : 404, 0);
            if (!policiesKnown) {
                send(exchange, NOT_FOUND);
            } else if (String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true")) {
                stream(exchange);
            } else {
                send(exchange, POLICIES);
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private KubeApi connect() throws IOException {
        return SaidByApi.connect(server, directory);
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            boolean watch = String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=true");
            exchange.sendResponseHeaders(200, 0);
            if (watch) {
                stream(exchange);
            } else {
                list.await();
                send(exchange, """
                        {"apiVersion":"tombolo.dev/v1alpha1","kind":"MeshPeerList","metadata":{"resourceVersion":"3"},\
                        "items":[%s,%s]}""".formatted(GOOD.formatted("east", 1, 2), BAD));
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stream(HttpExchange exchange) throws IOException, InterruptedException {
        for (String event = events.take(); !event.isEmpty(); event = events.take()) {
            send(exchange, event);
        }
    }
}
