package dev.tombolo.bpf.ipcache;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Who an address belongs to; flag 1 says that it is of this cluster. */
public record IpcacheEntry(int identity, int nodeId, int clusterId, int flags) implements Packed {
    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(identity).put(nodeId).put(clusterId).put(flags);
    }
}
