package dev.tombolo.bpf.service;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/** Key of {@code svc_source}: clients of a service, with service and family in the fixed part. */
public record ServiceSourceKey(int prefixLen, int serviceId, int family, IpAddress client) implements Packed {
    private static final int FIXED_BITS = 96;
    private static final int V4_MAPPED = 96;

    static ServiceSourceKey of(int serviceId, Prefix range) {
        int bits = range.length() + (range.isV4() ? V4_MAPPED : 0);
        return new ServiceSourceKey(FIXED_BITS + bits, serviceId, range.isV4() ? 4 : 6, range.address());
    }

    Prefix range() {
        return new Prefix(client, prefixLen - FIXED_BITS - (client.isV4() ? V4_MAPPED : 0));
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(prefixLen).put(serviceId).put(family).put(client);
    }
}
