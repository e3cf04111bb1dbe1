package dev.tombolo.agent.order;

import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The ipcache, whose entry of an address stays while a service leads there. */
public final class OrderedIpcache implements Target<Prefix, IpcacheEntry> {
    private final Target<Prefix, IpcacheEntry> target;
    private final RemovalOrder order;
    private final Set<Prefix> there = new HashSet<>();
    private boolean observed;
    private final Again<Prefix> again = new Again<>();

    OrderedIpcache(Target<Prefix, IpcacheEntry> target, RemovalOrder order) {
        this.target = target;
        this.order = order;
    }

    /** Whom to tell that an entry that had to stay can be considered again. */
    public void onRelease(Consumer<Prefix> listener) {
        again.tell(listener);
    }

    boolean mayKnow(IpAddress address) {
        return !observed || there.contains(Prefix.host(address));
    }

    @Override
    public Map<Prefix, IpcacheEntry> observe() throws IOException {
        var rows = target.observe();
        synchronized (order) {
            there.clear();
            there.addAll(rows.keySet());
            observed = true;
        }
        return rows;
    }

    @Override
    public void put(Prefix prefix, IpcacheEntry entry) throws IOException {
        target.put(prefix, entry);
        synchronized (order) {
            there.add(prefix);
        }
    }

    @Override
    public Map<Prefix, IOException> putAll(Map<Prefix, IpcacheEntry> rows) {
        var failures = target.putAll(rows);
        synchronized (order) {
            rows.keySet().stream()
                    .filter(prefix -> !failures.containsKey(prefix))
                    .forEach(there::add);
        }
        return failures;
    }

    @Override
    public void remove(Prefix prefix) throws IOException {
        boolean wasThere;
        synchronized (order) {
            var waiter = again.waiter(prefix);
            if (!order.used().isSeen()) {
                order.used().awaitFirstSight(waiter);
                return;
            }
            if (prefix.isHost() && order.used().isUsed(prefix.address())) {
                order.used().await(prefix.address(), waiter);
                return;
            }
            wasThere = there.remove(prefix);
        }
        try {
            target.remove(prefix);
        } catch (IOException | RuntimeException refused) {
            if (wasThere) {
                synchronized (order) {
                    there.add(prefix);
                }
            }
            throw refused;
        }
    }
}
