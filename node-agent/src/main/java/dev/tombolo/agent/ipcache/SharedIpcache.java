package dev.tombolo.agent.ipcache;

import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * One side of the ipcache: the rows of this cluster or those of the others. Each side has a loop of its own that sees
 * and removes its own rows only, so that neither has to wait for what the other is made of.
 */
public final class SharedIpcache {
    private final KernelIpcache maps;
    private final int mostOwn;
    private final Map<Prefix, IpcacheEntry> own = new HashMap<>();

    public SharedIpcache(KernelIpcache maps) {
        this.maps = maps;
        // Paths to other clusters need their rows; own ones must not take their room.
        this.mostOwn = maps.capacity() / 2;
    }

    public Target<Prefix, IpcacheEntry> others() {
        return new Others();
    }

    /** At most half of the map. */
    public Target<Prefix, IpcacheEntry> own() {
        return new Own();
    }

    private synchronized Map<Prefix, IpcacheEntry> observe(boolean local) throws IOException {
        var rows = new HashMap<Prefix, IpcacheEntry>();
        maps.observe().forEach((prefix, entry) -> {
            if (entry.isLocal() == local) {
                rows.put(prefix, entry);
            }
        });
        if (local) {
            own.clear();
            own.putAll(rows);
        }
        return rows;
    }

    private synchronized void putOwn(Prefix prefix, IpcacheEntry entry) throws IOException {
        if (!own.containsKey(prefix) && own.size() >= mostOwn) {
            throw new IOException(
                    "update of map ipc_host refused: E2BIG, this cluster's own addresses may take half of it" + " ("
                            + mostOwn + ")");
        }
        maps.put(prefix, entry);
        own.put(prefix, entry);
    }

    private synchronized void removeOwn(Prefix prefix) throws IOException {
        if (own.containsKey(prefix)) {
            maps.remove(prefix);
            own.remove(prefix);
        }
    }

    private synchronized void putOther(Prefix prefix, IpcacheEntry entry) throws IOException {
        if (own.containsKey(prefix)) {
            throw isOwn(prefix);
        }
        maps.put(prefix, entry);
    }

    private synchronized Map<Prefix, IOException> putOthers(Map<Prefix, IpcacheEntry> rows) {
        var free = new HashMap<>(rows);
        if (!free.keySet().removeAll(own.keySet())) {
            return maps.putAll(rows);
        }
        var failures = new HashMap<Prefix, IOException>();
        rows.keySet().stream()
                .filter(prefix -> !free.containsKey(prefix))
                .forEach(prefix -> failures.put(prefix, isOwn(prefix)));
        failures.putAll(maps.putAll(free));
        return failures;
    }

    /** Own addresses in a peer's ranges are left out; one that is there still is on its way out, or not declared. */
    private static IOException isOwn(Prefix prefix) {
        return new IOException(prefix + " is an address of this cluster too");
    }

    /** An address that has become one of ours meanwhile stays. */
    private synchronized void removeOther(Prefix prefix) throws IOException {
        if (!own.containsKey(prefix)) {
            maps.remove(prefix);
        }
    }

    private final class Own implements Target<Prefix, IpcacheEntry> {
        @Override
        public Map<Prefix, IpcacheEntry> observe() throws IOException {
            return SharedIpcache.this.observe(true);
        }

        @Override
        public void put(Prefix prefix, IpcacheEntry entry) throws IOException {
            putOwn(prefix, entry);
        }

        @Override
        public void remove(Prefix prefix) throws IOException {
            removeOwn(prefix);
        }
    }

    private final class Others implements Target<Prefix, IpcacheEntry> {
        @Override
        public Map<Prefix, IpcacheEntry> observe() throws IOException {
            return SharedIpcache.this.observe(false);
        }

        @Override
        public void put(Prefix prefix, IpcacheEntry entry) throws IOException {
            putOther(prefix, entry);
        }

        @Override
        public void remove(Prefix prefix) throws IOException {
            removeOther(prefix);
        }

        @Override
        public Map<Prefix, IOException> putAll(Map<Prefix, IpcacheEntry> rows) {
            return putOthers(rows);
        }
    }
}
