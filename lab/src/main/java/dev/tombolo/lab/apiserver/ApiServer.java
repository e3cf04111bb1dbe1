package dev.tombolo.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * As much of a Kubernetes API server as stock kubectl and fabric8 informers need, over a real etcd. Each request runs on a
 * virtual thread; {@link #close()} ends the listeners and every watch.
 */
public final class ApiServer implements AutoCloseable {
    private static final ObjectNode VERSION = Json.object()
            .put("major", "1")
            .put("minor", "32")
            .put("gitVersion", "v1.32.0")
            .put("gitCommit", "lab")
            .put("gitTreeState", "clean")
            .put("buildDate", "2025-01-01T00:00:00Z")
            .put("goVersion", "none")
            .put("compiler", "none")
            .put("platform", "linux/amd64");

    static {
        // Read once by the JDK's server. Without the first, an event of a watch waits for the acknowledgement of the
        // one
        // before; without the second, connections end just when clients with the same default use them again.
        setIfAbsent("sun.net.httpserver.nodelay", "true");
        setIfAbsent("sun.net.httpserver.idleInterval", "300");
    }

    private final ObjectStore store;
    private final Kinds kinds = new Kinds();
    private final Discovery discovery = new Discovery(kinds);
    private final Callers callers = new Callers();
    private final ResourceHandler resources;
    private final ChangeFeed feed;
    private final Collector collector;
    private final List<HttpsServer> listeners = new ArrayList<>();
    private final ExecutorService requests = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("request ", 0).factory());

    private ApiServer(ApiServerOptions options) {
        store = new ObjectStore(options.etcdEndpoints(), options.etcdPrefix());
        feed = new ChangeFeed(store);
        var registry = new Registry(store, kinds, feed, options.serviceCidr());
        resources = new ResourceHandler(registry, kinds, feed, options.podLogs(), options.podExec());
        collector = new Collector(registry, kinds, feed);
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    public static ApiServer start(ApiServerOptions options) throws IOException {
        var server = new ApiServer(options);
        for (InetSocketAddress address : options.addresses()) {
            server.listen(options.opener().open(address), options.tls());
        }
        return server;
    }

    /** The token with which a service account is known; made at the first call. */
    public String tokenFor(String namespace, String serviceAccount) {
        return callers.tokenFor(namespace, serviceAccount);
    }

    private void listen(HttpsServer listener, SSLContext tls) {
        listener.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        listener.createContext("/", this::serve);
        listener.setExecutor(requests);
        listener.start();
        listeners.add(listener);
    }

    private void serve(HttpExchange exchange) {
        try (exchange) {
            try {
                answer(exchange);
            } catch (ApiError refusal) {
                Replies.json(exchange, refusal.code(), refusal.status());
            } catch (RuntimeException bug) {
                var error = ApiError.of(500, "InternalError", bug.toString());
                Replies.json(exchange, error.code(), error.status());
            }
        } catch (IOException | InterruptedException clientOrServerWentAway) {
            return;
        }
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        var request = Request.read(exchange);
        String path = request.path();
        if (List.of("/readyz", "/healthz", "/livez").contains(path)) {
            Replies.text(exchange, "ok");
            return;
        }
        String user = callers.authenticate(exchange);
        if (isWebSocketWatch(exchange, request)) {
            // A short complete answer makes fabric8 ask again for a plain chunked watch at once.
            exchange.sendResponseHeaders(200, -1);
        } else if (request.method().equals("POST") && path.matches("/api/v1/namespaces/[^/]+/bindings")) {
            resources.bind(exchange, request, path.split("/")[4]);
        } else if (!document(exchange, path)) {
            var route = Route.of(path, kinds);
            callers.record(user, ResourceHandler.verb(request, route), route);
            resources.handle(exchange, request, route);
        }
    }

    private static boolean isWebSocketWatch(HttpExchange exchange, Request request) {
        return request.isSet("watch")
                && "websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"));
    }

    /** Answers what is not a resource; false when the path is one. */
    private boolean document(HttpExchange exchange, String path) throws IOException {
        String[] parts = path.split("/");
        switch (path) {
            case "/version" -> Replies.json(exchange, 200, VERSION);
            case "/api" -> Replies.json(exchange, 200, discovery.core());
            case "/apis" -> Replies.json(exchange, 200, discovery.groups());
            case "/api/v1" -> Replies.json(exchange, 200, discovery.resources("", "v1"));
            case "/openapi/v2" ->
                Replies.bytes(exchange, 200, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", new byte[0]);
            case "/openapi/v3" -> Replies.json(exchange, 200, discovery.openApiIndex());
            case "/openapi/v3/api/v1" -> Replies.json(exchange, 200, discovery.openApi("", "v1"));
            case "/lab/requests" -> {
                ObjectNode recorded = Json.object();
                callers.recorded().forEach(recorded.putArray("requests")::add);
                Replies.json(exchange, 200, recorded);
            }
            default -> {
                if (parts.length == 3 && parts[1].equals("apis")) {
                    Replies.json(exchange, 200, discovery.group(parts[2]));
                } else if (parts.length == 4 && parts[1].equals("apis")) {
                    Replies.json(exchange, 200, discovery.resources(parts[2], parts[3]));
                } else if (parts.length == 6 && path.startsWith("/openapi/v3/apis/")) {
                    Replies.json(exchange, 200, discovery.openApi(parts[4], parts[5]));
                } else if (parts.length > 3
                        && (parts[1].equals("api") || (parts.length > 4 && parts[1].equals("apis")))) {
                    return false;
                } else {
                    throw ApiError.of(404, "NotFound", "the server could not find the requested resource");
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        listeners.forEach(listener -> listener.stop(0));
        requests.shutdownNow();
        collector.close();
        feed.close();
        store.close();
    }
}
