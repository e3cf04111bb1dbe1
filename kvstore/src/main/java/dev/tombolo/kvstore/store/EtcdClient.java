package dev.tombolo.kvstore.store;

import dev.tombolo.kvstore.store.KvException.Kind;
import io.etcd.jetcd.Client;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;

/** How jetcd is set up. */
final class EtcdClient {
    private static final int LARGEST_MESSAGE = 64 << 20;

    private EtcdClient() {}

    /** Connects at the first call. */
    static Client make(EtcdAddress address, ExecutorService callbacks) throws KvException {
        try {
            return build(address, callbacks);
        } catch (IllegalArgumentException unusable) {
            // A peer's endpoints are input: they must not end the thread that follows it.
            throw new KvException(
                    Kind.REFUSED,
                    "endpoints " + address.endpoints() + " cannot be used: " + unusable.getMessage(),
                    unusable);
        }
    }

    private static Client build(EtcdAddress address, ExecutorService callbacks) throws KvException {
        var builder = Client.builder()
                .target(target(address.endpoints()))
                .executorService(callbacks)
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .keepaliveTime(Duration.ofSeconds(15))
                .keepaliveTimeout(Duration.ofSeconds(25))
                .keepaliveWithoutCalls(true)
                .waitForReady(false);
        address.serverName().ifPresent(builder::authority);
        if (address.tls().isPresent()) {
            builder.sslContext(ClientTls.context(address.tls().get()));
        }
        return builder.build();
    }

    /** jetcd of itself puts an IPv6 address into a URI's path as it is, where its brackets must not stand (jetcd issue 1464). */
    private static String target(List<String> endpoints) {
        return endpoints.stream()
                .map(EtcdClient::hostAndPort)
                .collect(Collectors.joining(",", "ip:///", ""))
                .replace("[", "%5B")
                .replace("]", "%5D");
    }

    /** jetcd looks at a port at the first call only, and throws there. */
    private static String hostAndPort(String endpoint) {
        var uri = URI.create(endpoint);
        boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!isHttp || uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("read '" + endpoint + "', expected https://host:port");
        }
        return uri.getHost() + ":" + uri.getPort();
    }
}
