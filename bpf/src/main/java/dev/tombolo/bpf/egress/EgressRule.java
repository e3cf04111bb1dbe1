package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/**
 * Value of {@code eg_rule}.
 *
 * @param flags {@link #FOLLOWS} and {@link #LIMITED}
 */
public record EgressRule(EgressAction action, int groupId, int policyId, int flags) implements Packed {
    /** The group's address moves from gateway to gateway, and its flows with it. */
    public static final int FOLLOWS = 1;

    /** The policy has a row in {@code eg_rate}. */
    public static final int LIMITED = 2;

    public EgressRule(EgressAction action, int groupId, int policyId) {
        this(action, groupId, policyId, 0);
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(action).put(groupId).put(policyId).put(flags);
    }
}
