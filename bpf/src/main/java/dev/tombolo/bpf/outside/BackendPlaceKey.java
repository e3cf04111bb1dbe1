package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/** Key of {@code lb_place}: the address of a backend. */
public record BackendPlaceKey(IpAddress backend) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(backend);
    }
}
