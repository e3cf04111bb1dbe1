package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/** Key of {@code eg_nat} and {@code eg_flow}: a flow, seen from its near side, whichever way a packet goes. */
public record EgressTuple(IpAddress near, IpAddress far, int nearPort, int farPort, int protocol, int direction)
        implements Packed {
    static final int OUT = 0;
    static final int IN = 1;

    public boolean isOutward() {
        return direction == OUT;
    }

    /** Key of the flow's other half. */
    EgressTuple other(EgressNat half) {
        return new EgressTuple(half.address(), far, half.port(), farPort, protocol, isOutward() ? IN : OUT);
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(near).put(far).put(nearPort).put(farPort).put(protocol).put(direction);
    }
}
