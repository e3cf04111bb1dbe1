package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/** Key of {@code eg_fence}: an egress address that this node owns. */
public record EgressFenceKey(IpAddress address) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(address);
    }
}
