package dev.tombolo.bpf.ipcache;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/** Who an address belongs to. */
public record IpcacheEntry(int identity, int nodeId, int clusterId, int flags) implements Packed {
    /** {@code IPCACHE_LOCAL}: the address is of this cluster. */
    public static final int LOCAL = 1;

    public boolean isLocal() {
        return (flags & LOCAL) != 0;
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(identity).put(nodeId).put(clusterId).put(flags);
    }
}
