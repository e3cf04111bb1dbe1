package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Value of {@code eg_gateway}: the device that leads to a gateway, and what it can carry. */
public record EgressGateway(int ifindex, int flags, int mtu) implements Packed {
    private static final int LOCAL_FLAG = 1;
    private static final int NARROW_FLAG = 2;

    /** This node. */
    public static final EgressGateway LOCAL = new EgressGateway(0, LOCAL_FLAG, 0);

    public static EgressGateway remote(int ifindex, int mtu) {
        return new EgressGateway(ifindex, 0, mtu);
    }

    /** With a network on the way that takes less than the device, and drops what is larger. */
    public static EgressGateway narrow(int ifindex, int mtu) {
        return new EgressGateway(ifindex, NARROW_FLAG, mtu);
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(ifindex).put(flags).put(mtu);
    }
}
