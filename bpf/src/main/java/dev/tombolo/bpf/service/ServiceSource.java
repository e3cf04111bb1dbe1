package dev.tombolo.bpf.service;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Value of {@code svc_source}; that there is one says it all. */
public record ServiceSource(int allowed) implements Packed {
    static final ServiceSource ALLOWED = new ServiceSource(1);

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(allowed);
    }
}
