package dev.tombolo.kube.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tombolo.kube.object.BgpSecret;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Passwords are looked for by name, and what is known stays while nobody answers. */
@Timeout(60)
final class BgpSecretsTest {
    private static final String SECRETS = "/api/v1/namespaces/kube-system/secrets/";
    private final Table<String, BgpSecret> table = new Table<>("secrets");
    private final Map<String, String> data = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean failing;
    private HttpServer server;

    @TempDir
    private Path directory;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void onlyThoseThatAreNamedAreRead() throws Exception {
        data.put("tor", "{\"password\":\"" + encoded("secret") + "\"}");
        data.put("other", "{\"key\":\"" + encoded("secret") + "\"}");
        data.put("empty", "{\"password\":\"\"}");
        data.put("broken", "{\"password\":\"***\"}");
        try (var api = SaidByApi.connect(server, directory);
                var secrets = api.sources().bgp().secrets("kube-system", table)) {
            assertThat(table.initialized()).isFalse();
            secrets.follow(Set.of("tor", "other", "empty", "broken", "none"));
            await().until(table::initialized);
            assertThat(passwords())
                    .isEqualTo(Map.of(
                            "tor",
                            Optional.of("secret"),
                            "other",
                            Optional.empty(),
                            "empty",
                            Optional.empty(),
                            "broken",
                            Optional.empty(),
                            "none",
                            Optional.empty()));
            assertThat(requests).hasSize(5).allMatch(request -> request.startsWith("GET " + SECRETS));
            assertThat(table.snapshot().get("tor").orElseThrow().toString()).doesNotContain("secret");
        }
    }

    @Test
    void whoIsNotNamedAnyMoreHasNoRow() throws Exception {
        data.put("tor", "{\"password\":\"" + encoded("secret") + "\"}");
        try (var api = SaidByApi.connect(server, directory);
                var secrets = api.sources().bgp().secrets("kube-system", table)) {
            secrets.follow(Set.of("tor", "none"));
            await().until(table::initialized);
            secrets.follow(Set.of("none"));
            await().until(() -> table.snapshot().get("tor").isEmpty());
            assertThat(passwords()).containsOnlyKeys("none");
        }
    }

    @Test
    void whileNobodyAnswersWhatIsKnownStays() throws Exception {
        data.put("tor", "{\"password\":\"" + encoded("secret") + "\"}");
        try (var api = SaidByApi.connect(server, directory);
                var secrets = api.sources().bgp().secrets("kube-system", table)) {
            secrets.follow(Set.of("tor"));
            await().until(table::initialized);
            failing = true;
            secrets.follow(Set.of("tor", "spine"));
            await().until(() -> secrets.lastError().isPresent());
            assertThat(secrets.lastError().orElseThrow()).contains("kube-system/", "not allowed");
            assertThat(passwords()).isEqualTo(Map.of("tor", Optional.of("secret")));
        }
    }

    @Test
    void aPasswordThatIsChangedIsFound() throws Exception {
        data.put("tor", "{\"password\":\"" + encoded("old") + "\"}");
        try (var client = new io.fabric8.kubernetes.client.KubernetesClientBuilder()
                        .withConfig(new io.fabric8.kubernetes.client.ConfigBuilder(
                                        io.fabric8.kubernetes.client.Config.empty())
                                .withMasterUrl("http://127.0.0.1:"
                                        + server.getAddress().getPort())
                                .build())
                        .build();
                var secrets = BgpSecrets.start(client, "kube-system", table, java.time.Duration.ofMillis(20))) {
            secrets.follow(Set.of("tor"));
            await().until(table::initialized);
            data.put("tor", "{\"password\":\"" + encoded("new") + "\"}");
            await().until(() -> passwords().equals(Map.of("tor", Optional.of("new"))));
        }
    }

    private Map<String, Optional<String>> passwords() {
        var passwords = new java.util.HashMap<String, Optional<String>>();
        table.snapshot()
                .values()
                .forEach(row -> passwords.put(row.name(), row.password().map(password -> password.text())));
        return passwords;
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        String found = data.get(path.substring(path.lastIndexOf('/') + 1));
        int code = failing ? 403 : found == null ? 404 : 200;
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, 0);
            SaidByApi.send(
                    exchange,
                    code == 200
                            ? "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{},\"data\":" + found + "}"
                            : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":" + code
                                    + ",\"message\":\"not allowed\"}");
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }
}
