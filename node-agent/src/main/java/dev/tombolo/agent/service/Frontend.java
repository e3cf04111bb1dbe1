package dev.tombolo.agent.service;

import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import java.util.Comparator;

/** What a client connects to: a cluster address and port, with the protocol. */
public record Frontend(SocketEndpoint endpoint, Protocol protocol) implements Comparable<Frontend> {
    private static final Comparator<Frontend> ORDER =
            Comparator.comparing(Frontend::endpoint).thenComparing(Frontend::protocol);

    @Override
    public int compareTo(Frontend other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return endpoint + "/" + protocol;
    }
}
