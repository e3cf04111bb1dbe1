package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/**
 * Value of {@code lb_place}: where a backend is.
 *
 * @param node the backend's; of another cluster's backend, the address of this node in the tunnel
 * @param device index of the device at which that node is a neighbour, or of the tunnel's; 0: the backend is on this node
 * @param room of another cluster's backend: how long a packet may be that goes there, in bytes; else 0
 */
public record BackendPlace(IpAddress node, int device, int room) implements Packed {
    /** On a node that is a neighbour. */
    public static BackendPlace beside(IpAddress node, int device) {
        return new BackendPlace(node, device, 0);
    }

    /** On this node. */
    public static BackendPlace here(IpAddress node) {
        return new BackendPlace(node, 0, 0);
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(node).put(device).put(room);
    }
}
