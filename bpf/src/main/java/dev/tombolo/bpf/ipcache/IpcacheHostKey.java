package dev.tombolo.bpf.ipcache;

import dev.tombolo.model.net.IpAddress;

/** Key of {@code ipc_host}: one address. */
public record IpcacheHostKey(IpAddress address) {}
