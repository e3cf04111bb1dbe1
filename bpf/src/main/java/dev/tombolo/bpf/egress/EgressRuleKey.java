package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/** Key of {@code eg_rule}: a range that a set of pods reaches, with set and family in the fixed part. */
public record EgressRuleKey(int prefixLen, int setId, int family, IpAddress destination) implements Packed {
    /** The set of pods that are held: the destinations of all policies. */
    public static final int UNION = 0;

    private static final int FIXED_BITS = 96;

    public static EgressRuleKey of(int setId, Prefix destination) {
        return new EgressRuleKey(
                FIXED_BITS + AddressBits.of(destination),
                setId,
                AddressBits.family(destination),
                destination.address());
    }

    public Prefix range() {
        return AddressBits.range(destination, prefixLen - FIXED_BITS);
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(prefixLen).put(setId).put(family).put(destination);
    }
}
