package dev.tombolo.bpf.service;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/**
 * Value of {@code svc_backend}; a row belongs to one service.
 *
 * @param weight 0 where an agent wrote it that knew none
 */
public record BackendRow(IpAddress address, int port, int clusterId, BackendState state, int serviceId, int weight)
        implements Packed {
    static BackendRow of(ServiceBackend backend, int serviceId) {
        return new BackendRow(
                backend.address(), backend.port(), backend.clusterId(), backend.state(), serviceId, backend.weight());
    }

    boolean isActive() {
        return state == BackendState.ACTIVE;
    }

    int share() {
        return Math.max(1, weight);
    }

    ServiceBackend backend() {
        return new ServiceBackend(address, port, clusterId, state, share());
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(address).put(port).put(clusterId).put(state).put(serviceId).put(weight);
    }
}
