package dev.tombolo.agent.healthcheck;

import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.reconciler.loop.Target;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener for each service that load balancers ask about, on all addresses of the node. Each waits on a virtual thread,
 * so thousands take no thread of the machine; whoever asks gets one answer and the connection ends.
 */
final class HealthCheckServer implements Target<ObjectKey, HealthCheck>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthCheckServer.class);

    /** Of all ports together: who opens many connections must not take the agent's memory. */
    private static final int MOST_AT_ONCE = 1_024;

    private static final int BACKLOG = 16;

    private final BooleanSupplier healthy;
    private final Map<ObjectKey, Listener> listeners = new ConcurrentHashMap<>();
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

    private record Listener(ServerSocket socket, HealthCheck check) {}

    HealthCheckServer(BooleanSupplier healthy) {
        this.healthy = healthy;
    }

    @Override
    public Map<ObjectKey, HealthCheck> observe() {
        var open = new HashMap<ObjectKey, HealthCheck>();
        listeners.forEach((service, listener) -> {
            if (!listener.socket().isClosed()) {
                open.put(service, listener.check());
            }
        });
        return open;
    }

    @Override
    public void put(ObjectKey service, HealthCheck check) throws IOException {
        var known = listeners.get(service);
        if (known != null
                && known.check().port() == check.port()
                && !known.socket().isClosed()) {
            listeners.put(service, new Listener(known.socket(), check));
            return;
        }
        remove(service);
        var socket = open(check.port());
        listeners.put(service, new Listener(socket, check));
        Thread.ofVirtual().name("health check of " + service).start(() -> accept(service, socket));
    }

    private static ServerSocket open(int port) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(port), BACKLOG);
            return socket;
        } catch (IOException taken) {
            socket.close();
            throw new IOException("healthCheckNodePort " + port + " cannot be opened: " + taken.getMessage(), taken);
        }
    }

    @Override
    public void remove(ObjectKey service) throws IOException {
        var listener = listeners.remove(service);
        if (listener != null) {
            listener.socket().close();
        }
    }

    private void accept(ObjectKey service, ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                serve(service, socket.accept());
            } catch (IOException failure) {
                // One that was closed by us ends here; else the next full pass opens it again.
                close(socket);
            }
        }
    }

    private void serve(ObjectKey service, Socket client) {
        if (!free.tryAcquire()) {
            close(client);
            return;
        }
        Thread.ofVirtual().name("health check of " + service).start(() -> {
            try (client) {
                var listener = listeners.get(service);
                if (listener != null) {
                    HealthCheckAnswer.to(client, text(service, listener.check()));
                }
            } catch (IOException gone) {
                LOG.debug("health check of {} not answered: {}", service, gone.getMessage());
            } finally {
                free.release();
            }
        });
    }

    /** The words are kube-proxy's. */
    private byte[] text(ObjectKey service, HealthCheck check) {
        boolean isHealthy = healthy.getAsBoolean();
        boolean isServed = isHealthy && check.localEndpoints() > 0;
        String body = """
                {"service":{"namespace":"%s","name":"%s"},"localEndpoints":%d,"serviceProxyHealthy":%s}
                """.formatted(service.namespace(), service.name(), check.localEndpoints(), isHealthy);
        String head =
                """
                HTTP/1.1 %s
                Content-Type: application/json
                Content-Length: %d
                X-Content-Type-Options: nosniff
                X-Load-Balancing-Endpoint-Weight: %d
                Connection: close

                """.formatted(isServed ? "200 OK" : "503 Service Unavailable", body.length(), check.localEndpoints());
        return (head.replace("\n", "\r\n") + body).getBytes(StandardCharsets.US_ASCII);
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            LOG.debug("not closed: {}", alreadyGone.getMessage());
        }
    }

    @Override
    public void close() {
        listeners.values().forEach(listener -> close(listener.socket()));
    }
}
