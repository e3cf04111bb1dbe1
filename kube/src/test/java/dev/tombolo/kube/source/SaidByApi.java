package dev.tombolo.kube.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tombolo.kube.KubeAccess;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a server of HTTP says in the place of a Kubernetes API. */
final class SaidByApi {
    private SaidByApi() {}

    /** @param directory for the client's file */
    static KubeApi connect(HttpServer server, Path directory) throws IOException {
        String config = """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: 'http://127.0.0.1:%d'}}]
                users: [{name: u, user: {token: t}}]
                """.formatted(server.getAddress().getPort());
        Path file = Files.writeString(directory.resolve("config"), config);
        return KubeApi.connect(new KubeAccess.KubeConfig(Optional.of(file), Optional.empty()));
    }

    /** A line of a watch. */
    static String event(String type, String object) {
        return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }

    static void send(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }
}
