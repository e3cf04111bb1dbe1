package dev.tombolo.kube.write;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exactly which requests a write sends: the roles in deploy/ allow these and nothing else. The client reads an object
 * before it patches it, so whoever may patch must be allowed to get.
 */
@Timeout(60)
abstract class RequestScene {
    static final String MESH = "/apis/tombolo.dev/v1alpha1/";
    final List<String> requests = new CopyOnWriteArrayList<>();
    final Map<String, String> objects = new ConcurrentHashMap<>();
    private HttpServer server;
    KubeApi api;

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
