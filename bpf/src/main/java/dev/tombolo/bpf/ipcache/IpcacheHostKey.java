package dev.tombolo.bpf.ipcache;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.net.IpAddress;

/** Key of {@code ipc_host}: one address. */
public record IpcacheHostKey(IpAddress address) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(address);
    }
}
