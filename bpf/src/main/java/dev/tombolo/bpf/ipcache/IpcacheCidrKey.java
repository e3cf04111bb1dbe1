package dev.tombolo.bpf.ipcache;

import dev.tombolo.model.net.IpAddress;

/** Key of {@code ipc_cidr}: a range, with its family in the fixed part. */
public record IpcacheCidrKey(int prefixLen, int family, IpAddress address) {}
