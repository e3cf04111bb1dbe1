package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;

/** What a client dials. */
public record ServiceKey(IpAddress address, int port, Protocol protocol) {
    ServiceFrontendKey row() {
        return new ServiceFrontendKey(address, port, protocol.number());
    }

    static ServiceKey of(ServiceFrontendKey row) {
        return new ServiceKey(row.address(), row.port(), row.protocol() == 6 ? Protocol.TCP : Protocol.UDP);
    }
}
