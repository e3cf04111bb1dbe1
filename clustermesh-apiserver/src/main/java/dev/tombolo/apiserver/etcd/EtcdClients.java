package dev.tombolo.apiserver.etcd;

import dev.tombolo.netlink.TcpConnections;
import dev.tombolo.netlink.TcpConnections.Connection;
import java.io.IOException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever is connected to the etcd of this pod. etcd asks for the permission of a watch when it begins and never again,
 * so what was revoked ends only with its connection; the honest ones connect again and list.
 */
public final class EtcdClients {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdClients.class);

    private final int port;
    private final Predicate<Connection> others;

    EtcdClients(int port, Predicate<Connection> others) {
        this.port = port;
        this.others = others;
    }

    /** All but this pod's own processes, which come over loopback. */
    public static EtcdClients beyondThePod(int port) {
        return new EtcdClients(
                port, connection -> !connection.remote().address().isLoopback());
    }

    /** Ends their connections; how many there were. */
    public int disconnect() throws IOException {
        try (var connections = TcpConnections.open()) {
            int ended = connections.end(port, others);
            LOG.info("connections of others to etcd ended: {}", ended);
            return ended;
        } catch (IOException refused) {
            throw new IOException(
                    "connections to etcd cannot be ended, so watches that a revoked peer has open go on until this pod"
                            + " is restarted: " + refused.getMessage(),
                    refused);
        }
    }
}
