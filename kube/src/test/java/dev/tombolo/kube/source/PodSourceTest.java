package dev.tombolo.kube.source;

import static dev.tombolo.kube.source.SaidByApi.event;
import static dev.tombolo.kube.source.SaidByApi.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pods by the page, from an HTTP server that says what the API would say. */
@Timeout(60)
final class PodSourceTest {
    private static final String GONE = """
            {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","code":410,\
            "message":"too old resource version"}}
            """;

    private final Table<ObjectKey, EgressPod> table = new Table<>("pods");
    private final List<Invalid> invalid = new CopyOnWriteArrayList<>();
    private final List<String> lists = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile List<String> pages = List.of();
    private HttpServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/api/v1/pods", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        events.add("");
        server.stop(0);
    }

    @Test
    void areListedByThePageAndFollowed() throws Exception {
        pages = List.of(
                pod("a", "Running", "10.1.0.1") + "," + pod("over", "Succeeded", "10.1.0.9"),
                pod("b", "Running", "10.1.0.2"));
        try (var api = connect();
                var source = api.sources().egressPods(table, invalid::add)) {
            await().until(table::initialized);
            assertThat(addresses()).isEqualTo(Map.of("a", "10.1.0.1", "b", "10.1.0.2"));
            assertThat(lists).hasSize(2).allSatisfy(query -> assertThat(query).contains("limit=500"));
            assertThat(lists.getLast()).contains("continue=1");

            events.add(event("ADDED", pod("c", "Running", "10.1.0.3")));
            events.add(event("MODIFIED", pod("a", "Running", "10.1.0.4")));
            events.add(event("MODIFIED", pod("b", "Succeeded", "10.1.0.2")));
            await().until(() -> addresses().equals(Map.of("a", "10.1.0.4", "c", "10.1.0.3")));
            events.add(event("DELETED", pod("a", "Running", "10.1.0.4")));
            await().until(() -> addresses().equals(Map.of("c", "10.1.0.3")));
            assertThat(source.watching()).isTrue();
            assertThat(invalid).isEmpty();
        }
    }

    @Test
    void whatChangedWhileNobodyWatchedIsFoundByTheNextList() throws Exception {
        pages = List.of(pod("a", "Running", "10.1.0.1") + "," + pod("b", "Running", "10.1.0.2"));
        try (var api = connect();
                var source = api.sources().egressPods(table, invalid::add)) {
            await().until(table::initialized);
            pages = List.of(pod("b", "Running", "10.1.0.5") + "," + pod("c", "Running", "10.1.0.3"));
            events.add(GONE);
            await().until(() -> addresses().equals(Map.of("b", "10.1.0.5", "c", "10.1.0.3")));
            assertThat(source.lastError()).isEmpty();
        }
    }

    @Test
    void whatPodsHaveInCommonIsThereOnce() throws Exception {
        pages = List.of(pod("a", "Running", "10.1.0.1"), pod("b", "Running", "10.1.0.2"));
        try (var api = connect();
                var source = api.sources().egressPods(table, invalid::add)) {
            await().until(table::initialized);
            var pods = table.snapshot().values().toList();
            assertThat(pods).hasSize(2);
            assertThat(pods.getFirst().labels())
                    .isEqualTo(Map.of("app", "shop"))
                    .isSameAs(pods.getLast().labels());
            assertThat(pods.getFirst().node())
                    .isEqualTo("n1")
                    .isSameAs(pods.getLast().node());
            assertThat(source.lastError()).isEmpty();
        }
    }

    /** Those that are over too: their identities are still in use. */
    @Test
    void allPodsAreFollowedWithMoreOfThem() throws Exception {
        var all = new Table<ObjectKey, KubePod>("all pods");
        pages = List.of(pod("a", "Running", "10.1.0.1"), pod("b", "Running", "10.1.0.2"));
        try (var api = connect();
                var source = api.sources().pods(all, invalid::add)) {
            await().until(all::initialized);
            assertThat(lists).hasSize(2).allSatisfy(query -> assertThat(query).contains("limit=500"));
            var rows = all.snapshot().values().toList();
            assertThat(rows).extracting(KubePod::containers).containsExactly(List.of("c"), List.of("c"));
            assertThat(rows.getFirst().labels()).isSameAs(rows.getLast().labels());

            events.add(event("MODIFIED", pod("a", "Succeeded", "10.1.0.1")));
            events.add(event("DELETED", pod("b", "Running", "10.1.0.2")));
            await().untilAsserted(() -> assertThat(all.snapshot().values())
                    .extracting(row -> row.key().name() + " " + row.phase())
                    .containsExactly("a SUCCEEDED"));
            assertThat(source.lastError()).isEmpty();
        }
    }

    private Map<String, String> addresses() {
        return table.snapshot()
                .values()
                .collect(Collectors.toMap(
                        EgressPod::name,
                        pod -> pod.addresses().stream()
                                .map(IpAddress::toString)
                                .findFirst()
                                .orElse("")));
    }

    private static String pod(String name, String phase, String address) {
        return """
                {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"shop","name":"%s","uid":"uid-%s",\
                "resourceVersion":"%s","labels":{"app":"shop"}},\
                "spec":{"nodeName":"n1","serviceAccountName":"default","containers":[{"name":"c","image":"i"}]},\
                "status":{"phase":"%s","podIPs":[{"ip":"%s"}]}}""".formatted(name, name, phase + address, phase, address);
    }

    private KubeApi connect() throws IOException {
        return SaidByApi.connect(server, directory);
    }

    private void answer(HttpExchange exchange) {
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            if (query.contains("watch=true")) {
                for (String event = events.take(); !event.isEmpty(); event = events.take()) {
                    send(exchange, event);
                }
            } else {
                lists.add(query);
                list(exchange, query);
            }
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void list(HttpExchange exchange, String query) throws IOException {
        int page = query.contains("continue=1") ? 1 : 0;
        String more = page + 1 < pages.size() ? ",\"continue\":\"1\"" : "";
        send(exchange, """
                {"apiVersion":"v1","kind":"PodList","metadata":{"resourceVersion":"3"%s},"items":[%s]}""".formatted(more, pages.get(page)));
    }
}
