package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Key of {@code eg_address}. */
public record EgressAddressKey(int groupId, int family) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(groupId).put(family);
    }
}
