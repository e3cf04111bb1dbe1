package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import java.util.Comparator;
import java.util.Locale;

/** What a client connects to: a cluster address and port, with the protocol; and which clients. */
public record Frontend(SocketEndpoint endpoint, Protocol protocol, ServiceScope scope) implements Comparable<Frontend> {
    private static final Comparator<Frontend> ORDER = Comparator.comparing(Frontend::endpoint)
            .thenComparing(Frontend::protocol)
            .thenComparing(Frontend::scope);

    /** For whoever connects. */
    public Frontend(SocketEndpoint endpoint, Protocol protocol) {
        this(endpoint, protocol, ServiceScope.EVERYBODY);
    }

    /** The same for other clients. */
    Frontend in(ServiceScope scope) {
        return new Frontend(endpoint, protocol, scope);
    }

    @Override
    public int compareTo(Frontend other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String place = endpoint + "/" + protocol;
        return scope == ServiceScope.EVERYBODY
                ? place
                : place + " " + scope.name().toLowerCase(Locale.ROOT);
    }
}
