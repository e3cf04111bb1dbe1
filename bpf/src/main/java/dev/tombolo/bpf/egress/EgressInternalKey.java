package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/** Key of {@code eg_internal}: a range of the clusters, with its family in the fixed part. */
public record EgressInternalKey(int prefixLen, int family, IpAddress address) implements Packed {
    private static final int FIXED_BITS = 32;

    public static EgressInternalKey of(Prefix range) {
        return new EgressInternalKey(FIXED_BITS + AddressBits.of(range), AddressBits.family(range), range.address());
    }

    public Prefix range() {
        return AddressBits.range(address, prefixLen - FIXED_BITS);
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(prefixLen).put(family).put(address);
    }
}
