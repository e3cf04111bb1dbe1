package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.Comparator;

/** What a client dials, and which clients. */
public record ServiceKey(IpAddress address, int port, Protocol protocol, ServiceScope scope)
        implements Comparable<ServiceKey> {
    private static final Comparator<ServiceKey> ORDER = Comparator.comparing(ServiceKey::address)
            .thenComparing(ServiceKey::port)
            .thenComparing(ServiceKey::protocol)
            .thenComparing(ServiceKey::scope);

    /** Whoever dials it. */
    public ServiceKey(IpAddress address, int port, Protocol protocol) {
        this(address, port, protocol, ServiceScope.EVERYBODY);
    }

    /** By hand: the one that is generated is slow until it is compiled, and a start hashes every service. */
    @Override
    public int hashCode() {
        return 31 * (31 * address.hashCode() + 2 * port + protocol.number()) + scope.ordinal();
    }

    @Override
    public int compareTo(ServiceKey other) {
        return ORDER.compare(this, other);
    }

    ServiceFrontendKey row() {
        return new ServiceFrontendKey(address, port, protocol.number(), scope.ordinal());
    }

    static ServiceKey of(ServiceFrontendKey row, ServiceScope scope) {
        return new ServiceKey(row.address(), row.port(), row.protocol() == 6 ? Protocol.TCP : Protocol.UDP, scope);
    }
}
