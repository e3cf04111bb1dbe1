package dev.tombolo.bpf.service;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Value of {@code svc_fe}; only slots of this generation count. */
public record ServiceFrontend(int serviceId, int generation, int count, int flags) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(serviceId).put(generation).put(count).put(flags);
    }
}
