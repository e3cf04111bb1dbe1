package dev.tombolo.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tombolo.kube.source.KubeSource;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * For runs that train a cache of classes, so that a start finds in it what reads and watches Kubernetes: loads listed
 * classes, and lets the informers run once, against an API server on loopback that has one empty object of each kind.
 */
public final class KubeTraining {
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Map<String, String> KINDS = Map.of(
            "nodes", "Node",
            "pods", "Pod",
            "namespaces", "Namespace",
            "services", "Service",
            "endpointslices", "EndpointSlice",
            "meshpeers", "MeshPeer",
            "meshidentities", "MeshIdentity");
    private static final String OBJECT =
            "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"a\",\"uid\":\"a\",\"resourceVersion\":\"1\"}}";
    private static final String LIST = "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[%s]}";
    private static final String EVENT = "{\"type\":\"MODIFIED\",\"object\":%s}\n";
    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            clusters: [{name: none, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: none, user: {token: none}}]
            contexts: [{name: none, context: {cluster: none, user: none}}]
            current-context: none
            """;

    private KubeTraining() {}

    /**
     * @param classes a file with names of classes to load besides; it is of all processes, and of the versions that it was
     *     made with, so that each name is of no use where it is missing
     */
    public static void run(Path classes) throws IOException, InterruptedException {
        load(classes);
        KubeApi.nowhere().close();
        informers();
    }

    private static void load(Path classes) throws IOException {
        for (String name : Files.readAllLines(classes)) {
            try {
                Class.forName(name, false, KubeTraining.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError notHere) {
                continue;
            }
        }
    }

    private static void informers() throws IOException, InterruptedException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", KubeTraining::answer);
        server.start();
        var file = Files.createTempFile("tombolo-training", ".yaml");
        try {
            Files.writeString(file, KUBECONFIG.formatted(server.getAddress().getPort()));
            try (var api = KubeApi.connect(new KubeAccess.KubeConfig(Optional.of(file), Optional.empty()))) {
                follow(api);
            }
        } finally {
            Files.delete(file);
            server.stop(0);
        }
    }

    private static void follow(KubeApi api) throws InterruptedException {
        var tables = new ArrayList<Table<?, ?>>();
        List<KubeSource> sources = List.of(
                api.sources().nodes(kept(tables), _ -> {}),
                api.sources().pods(kept(tables), _ -> {}),
                api.sources().namespaces(kept(tables), _ -> {}),
                api.sources().services(kept(tables), _ -> {}),
                api.sources().endpointSlices(kept(tables), _ -> {}),
                api.sources().meshPeers(kept(tables), _ -> {}),
                api.sources().meshIdentities(kept(tables), _ -> {}));
        long end = System.nanoTime() + LONGEST.toNanos();
        for (var table : tables) {
            var seen = table.snapshot();
            while (!seen.initialized() && System.nanoTime() < end) {
                table.awaitChange(seen.revision(), Duration.ofNanos(end - System.nanoTime()));
                seen = table.snapshot();
            }
        }
        sources.forEach(KubeSource::close);
    }

    private static <K extends Comparable<? super K>, V> Table<K, V> kept(List<Table<?, ?>> tables) {
        var table = new Table<K, V>("training");
        tables.add(table);
        return table;
    }

    /** A list, or a watch with one event; the path is {@code /api/v1/KIND} or {@code /apis/GROUP/VERSION/KIND}. */
    private static void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        int kind = path.lastIndexOf('/');
        String version = path.substring(path.indexOf('/', 1) + 1, kind);
        String object = OBJECT.formatted(version, KINDS.getOrDefault(path.substring(kind + 1), ""));
        byte[] body =
                (query.contains("watch=true") ? EVENT : LIST).formatted(object).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
