package dev.tombolo.bpf.service;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/** Value of {@code svc_backend}; a row belongs to one service. */
public record BackendRow(IpAddress address, int port, int clusterId, BackendState state, int serviceId)
        implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(address).put(port).put(clusterId).put(state).put(serviceId);
    }
}
