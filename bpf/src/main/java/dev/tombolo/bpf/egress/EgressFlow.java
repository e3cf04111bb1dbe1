package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/**
 * Value of {@code eg_flow}: where a pod's packets are steered, the gateway that a flow keeps.
 *
 * @param ifindex by which the pod sends
 * @param uplink by which it would leave the node; 0: it never did
 * @param seen when its last packet went out, in units of 2^30 ns of the kernel's monotonic clock; 0 if that is not known
 */
public record EgressFlow(int gatewayId, int groupId, int ifindex, int seen, int flags, int uplink) implements Packed {
    private static final int SEEN_SHIFT = 30;

    private static final int ENDED_FLAG = 2;

    /** Whether the pod has closed its side of a connection. */
    public boolean hasEnded() {
        return (flags & ENDED_FLAG) != 0;
    }

    /** How long nothing went out, at a time of the kernel's monotonic clock; the age of the clock if it is not known. */
    public long idleNanos(long now) {
        return now - (Integer.toUnsignedLong(seen) << SEEN_SHIFT);
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(gatewayId).put(groupId).put(ifindex).put(seen).put(flags).put(uplink);
    }
}
