package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Key of {@code eg_gateway}. */
public record EgressGatewayKey(int gatewayId) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(gatewayId);
    }
}
