package dev.tombolo.bpf.service;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/** Key of {@code svc_fe}: what a client dials, and which clients. */
public record ServiceFrontendKey(IpAddress address, int port, int protocol, int scope) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(address).put(port).put(protocol).put(scope);
    }
}
