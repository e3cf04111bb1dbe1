package dev.tombolo.bpf.service;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Key of {@code svc_backend}. */
public record BackendKey(int backendId) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(backendId);
    }
}
