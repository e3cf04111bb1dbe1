package dev.tombolo.bpf.ipcache;

/** Who an address belongs to; flag 1 says that it is of this cluster. */
public record IpcacheEntry(int identity, int nodeId, int clusterId, int flags) {}
