package dev.tombolo.agent.ipcache;

import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.ipcache.IpcacheCidrKey;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.ipcache.IpcacheHostKey;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** The kernel's two ipcache maps as one: addresses in the hash, ranges in the trie. */
public final class KernelIpcache implements Target<Prefix, IpcacheEntry> {
    private static final int STATIC_BITS = 32;
    private static final int MAPPED_BITS = 96;

    private final BpfMap<IpcacheHostKey, IpcacheEntry> hosts;
    private final BpfMap<IpcacheCidrKey, IpcacheEntry> ranges;

    public KernelIpcache(BpfMap<IpcacheHostKey, IpcacheEntry> hosts, BpfMap<IpcacheCidrKey, IpcacheEntry> ranges) {
        this.hosts = hosts;
        this.ranges = ranges;
    }

    /** How many single addresses there is room for. */
    int capacity() {
        return hosts.capacity();
    }

    @Override
    public Map<Prefix, IpcacheEntry> observe() throws IOException {
        var rows = new HashMap<Prefix, IpcacheEntry>();
        hosts.entries().forEach((key, entry) -> rows.put(Prefix.host(key.address()), entry));
        ranges.entries().forEach((key, entry) -> rows.put(prefix(key), entry));
        return rows;
    }

    @Override
    public void put(Prefix prefix, IpcacheEntry entry) throws IOException {
        if (prefix.isHost()) {
            hosts.put(new IpcacheHostKey(prefix.address()), entry);
        } else {
            ranges.put(key(prefix), entry);
        }
    }

    @Override
    public void remove(Prefix prefix) throws IOException {
        if (prefix.isHost()) {
            hosts.delete(new IpcacheHostKey(prefix.address()));
        } else {
            ranges.delete(key(prefix));
        }
    }

    @Override
    public Map<Prefix, IOException> putAll(Map<Prefix, IpcacheEntry> rows) {
        var exact = new ArrayList<Map.Entry<Prefix, IpcacheEntry>>(rows.size());
        var others = new HashMap<Prefix, IpcacheEntry>();
        for (var row : rows.entrySet()) {
            if (row.getKey().isHost()) {
                exact.add(row);
            } else {
                others.put(row.getKey(), row.getValue());
            }
        }
        try {
            hosts.putAll(put -> {
                for (var row : exact) {
                    put.row(new IpcacheHostKey(row.getKey().address()), row.getValue());
                }
            });
            return Target.super.putAll(others);
        } catch (IOException oneIsRefused) {
            // One by one, so that the rows that are refused are known by name.
            return Target.super.putAll(rows);
        }
    }

    private static IpcacheCidrKey key(Prefix prefix) {
        int bits = prefix.isV4() ? MAPPED_BITS + prefix.length() : prefix.length();
        return new IpcacheCidrKey(STATIC_BITS + bits, prefix.isV4() ? 4 : 6, prefix.address());
    }

    private static Prefix prefix(IpcacheCidrKey key) {
        int bits = key.prefixLen() - STATIC_BITS;
        return new Prefix(key.address(), key.address().isV4() ? bits - MAPPED_BITS : bits);
    }
}
