package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.util.Comparator;

/** What a client dials. */
public record ServiceKey(IpAddress address, int port, Protocol protocol) implements Comparable<ServiceKey> {
    private static final Comparator<ServiceKey> ORDER = Comparator.comparing(ServiceKey::address)
            .thenComparing(ServiceKey::port)
            .thenComparing(ServiceKey::protocol);

    /** By hand: the one that is generated is slow until it is compiled, and a start hashes every service. */
    @Override
    public int hashCode() {
        return 31 * address.hashCode() + 2 * port + protocol.number();
    }

    @Override
    public int compareTo(ServiceKey other) {
        return ORDER.compare(this, other);
    }

    ServiceFrontendKey row() {
        return new ServiceFrontendKey(address, port, protocol.number());
    }

    static ServiceKey of(ServiceFrontendKey row) {
        return new ServiceKey(row.address(), row.port(), row.protocol() == 6 ? Protocol.TCP : Protocol.UDP);
    }
}
