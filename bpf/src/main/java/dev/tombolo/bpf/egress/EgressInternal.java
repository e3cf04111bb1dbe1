package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Value of {@code eg_internal}; no flag means anything yet. */
public record EgressInternal(int flags) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(flags);
    }
}
