package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Value of {@code eg_saturation}: flows that got no port. */
public record EgressSaturation(long refused) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(refused);
    }
}
