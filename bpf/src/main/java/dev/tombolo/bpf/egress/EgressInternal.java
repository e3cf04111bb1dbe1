package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/**
 * Value of {@code eg_internal}.
 *
 * @param mtu of the way to pods of other nodes in the range, where the network drops what is larger; 0 where it takes
 *     what the carrier does
 */
public record EgressInternal(int mtu) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(mtu);
    }
}
