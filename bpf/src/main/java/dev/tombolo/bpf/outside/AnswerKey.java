package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/** Key of {@code lb_answer}: addresses of services, with the other cluster, side and family in the fixed part. */
public record AnswerKey(int prefixLen, int clusterId, int side, int family, IpAddress service) implements Packed {
    private static final int FIXED_BITS = 32;
    private static final int V4_MAPPED = 96;

    public static AnswerKey of(ClusterId cluster, AnswerSide side, Prefix services) {
        int bits = services.length() + (services.isV4() ? V4_MAPPED : 0);
        return new AnswerKey(
                FIXED_BITS + bits, cluster.value(), side.ordinal(), services.isV4() ? 4 : 6, services.address());
    }

    public Prefix services() {
        return new Prefix(service, prefixLen - FIXED_BITS - (service.isV4() ? V4_MAPPED : 0));
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(prefixLen).put(clusterId).put(side).put(family).put(service);
    }
}
