package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Key of {@code eg_group}. */
public record EgressGroupKey(int groupId) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(groupId);
    }
}
