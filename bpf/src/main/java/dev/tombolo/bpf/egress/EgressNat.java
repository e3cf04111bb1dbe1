package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/** Value of {@code eg_nat}: one half of a translation; times are of the kernel's monotonic clock. */
public record EgressNat(
        IpAddress address,
        int port,
        int flags,
        int nic,
        int carrier,
        int policyId,
        long created,
        long lastSeen,
        int groupId)
        implements Packed {
    static final int SEEN_FIN = 1;
    static final int SEEN_RST = 2;
    static final int REPLIED = 4;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(address)
                .put(port)
                .put(flags)
                .put(nic)
                .put(carrier)
                .put(policyId)
                .put(created)
                .put(lastSeen)
                .put(groupId);
    }
}
