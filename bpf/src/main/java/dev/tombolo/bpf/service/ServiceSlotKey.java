package dev.tombolo.bpf.service;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Key of {@code svc_slot}. */
public record ServiceSlotKey(int serviceId, int generation, int slot) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(serviceId).put(generation).put(slot);
    }
}
