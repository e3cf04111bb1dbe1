package dev.tombolo.bpf.service;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Value of {@code svc_slot}. */
public record ServiceSlot(int backendId) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(backendId);
    }
}
