package dev.tombolo.cli.service;

import dev.tombolo.model.net.SocketEndpoint;
import java.util.Optional;

/** Who connects to a service. */
sealed interface Client {
    /** As a sentence names it. */
    String words();

    /** By a socket on a node of the cluster; programs at the socket choose. */
    record Inside(String what, String node) implements Client {
        @Override
        public String words() {
            return what + " (on " + node + ")";
        }
    }

    /**
     * By packets from elsewhere; programs at the uplinks of the node that they come to choose.
     *
     * @param endpoint with the port 0 where it connects from any
     */
    record Outside(SocketEndpoint endpoint) implements Client {
        @Override
        public String words() {
            return (endpoint.port() == 0 ? endpoint.address() : endpoint) + " (outside the cluster)";
        }
    }

    /** The node whose agent knows. */
    default Optional<String> asked() {
        return this instanceof Inside inside ? Optional.of(inside.node()) : Optional.empty();
    }
}
