package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/**
 * Value of {@code lb_place}: where a backend is.
 *
 * @param device index of the device at which that node is a neighbour; 0: the backend is on this node
 */
public record BackendPlace(IpAddress node, int device) implements Packed {
    /** On this node. */
    public static BackendPlace here(IpAddress node) {
        return new BackendPlace(node, 0);
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(node).put(device);
    }
}
