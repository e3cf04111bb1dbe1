package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/** Value of {@code eg_address}: what new flows of a group get here, and the device that has it. */
public record EgressAddress(IpAddress address, int ifindex, int portMin, int portMax) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(address).put(ifindex).put(portMin).put(portMax);
    }
}
