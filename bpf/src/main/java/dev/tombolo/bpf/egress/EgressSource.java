package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Value of {@code eg_source}: the set of destinations that a pod has. */
public record EgressSource(int setId, int flags) implements Packed {
    static final int HELD_FLAG = 1;

    /** Nothing is known of the pod yet: it reaches nothing that any policy steers. */
    public static final EgressSource HELD = new EgressSource(EgressRuleKey.UNION, HELD_FLAG);

    public static EgressSource ofSet(int setId) {
        return new EgressSource(setId, 0);
    }

    /** It reaches nothing that any policy steers, because nothing is known of it. */
    public boolean isHeld() {
        return (flags & HELD_FLAG) != 0;
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(setId).put(flags);
    }
}
