package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Value of {@code eg_rule}. */
public record EgressRule(EgressAction action, int groupId, int policyId) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(action).put(groupId).put(policyId);
    }
}
