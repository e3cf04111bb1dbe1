package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/** Key of {@code lb_answer}: addresses of services or clients, with the other cluster, side and family in the fixed part. */
public record AnswerKey(int prefixLen, int clusterId, int side, int family, IpAddress address) implements Packed {
    private static final int FIXED_BITS = 32;
    private static final int V4_MAPPED = 96;

    public static AnswerKey of(ClusterId cluster, AnswerSide side, Prefix range) {
        int bits = range.length() + (range.isV4() ? V4_MAPPED : 0);
        return new AnswerKey(FIXED_BITS + bits, cluster.value(), side.ordinal(), range.isV4() ? 4 : 6, range.address());
    }

    public Prefix range() {
        return new Prefix(address, prefixLen - FIXED_BITS - (address.isV4() ? V4_MAPPED : 0));
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(prefixLen).put(clusterId).put(side).put(family).put(address);
    }
}
