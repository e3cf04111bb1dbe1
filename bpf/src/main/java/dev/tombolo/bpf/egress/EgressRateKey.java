package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Key of {@code eg_rate}. */
public record EgressRateKey(int policyId) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(policyId);
    }
}
