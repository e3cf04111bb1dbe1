package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The service maps, and beside them what they hold for UDP: the backends that a connected socket may go on talking to.
 * Dead ones are none of them, draining ones are. What is about to be written counts before it is there, and what was
 * there until it is gone for certain, because sockets can have it from the maps at any moment between. Whoever wants
 * to know is told once a backend has left.
 */
public final class UdpBackends implements Target<Frontend, ServiceEntry> {
    private final Target<Frontend, ServiceEntry> maps;
    private final int self;
    private volatile Map<Frontend, Set<SocketEndpoint>> kept = new ConcurrentHashMap<>();
    private volatile Runnable left = () -> {};

    /** @param self this cluster's id */
    public UdpBackends(Target<Frontend, ServiceEntry> maps, int self) {
        this.maps = maps;
        this.self = self;
    }

    /** The listener must only signal: it is called by the thread that writes the maps. */
    void onLeft(Runnable listener) {
        left = listener;
    }

    /**
     * Whether a socket of that service may stay at that backend, by whichever of its rows it is served. A service that is not ours any more says nothing of
     * this cluster's backends: they may be alive, and whoever else serves the address goes on using them.
     */
    boolean keeps(Frontend frontend, SocketEndpoint backend, int clusterId) {
        var usable = Arrays.stream(ServiceScope.values())
                .flatMap(scope -> Stream.ofNullable(kept.get(frontend.in(scope))))
                .toList();
        return usable.isEmpty() ? clusterId == self : usable.stream().anyMatch(backends -> backends.contains(backend));
    }

    @Override
    public synchronized Map<Frontend, ServiceEntry> observe() throws IOException {
        var rows = maps.observe();
        var seen = new ConcurrentHashMap<Frontend, Set<SocketEndpoint>>();
        rows.forEach((frontend, entry) -> {
            if (frontend.protocol() == Protocol.UDP) {
                seen.put(frontend, usable(entry));
            }
        });
        var before = kept;
        // All at once: whoever asks meanwhile must not miss one that is there.
        kept = seen;
        tellIf(before.entrySet().stream().anyMatch(row -> lacks(seen.get(row.getKey()), row.getValue())));
        return rows;
    }

    @Override
    public synchronized void put(Frontend frontend, ServiceEntry entry) throws IOException {
        claim(frontend, entry);
        maps.put(frontend, entry);
        tellIf(settle(frontend, entry));
    }

    @Override
    public synchronized void remove(Frontend frontend) throws IOException {
        maps.remove(frontend);
        var before = kept.remove(frontend);
        tellIf(before != null && !before.isEmpty());
    }

    @Override
    public synchronized Map<Frontend, IOException> putAll(Map<Frontend, ServiceEntry> rows) {
        rows.forEach(this::claim);
        var failures = maps.putAll(rows);
        boolean lost = false;
        for (var row : rows.entrySet()) {
            // Of a row that failed either may be there.
            lost |= !failures.containsKey(row.getKey()) && settle(row.getKey(), row.getValue());
        }
        tellIf(lost);
        return failures;
    }

    private void claim(Frontend frontend, ServiceEntry entry) {
        if (frontend.protocol() == Protocol.UDP) {
            kept.merge(frontend, usable(entry), UdpBackends::union);
        }
    }

    /** True if a backend has left. */
    private boolean settle(Frontend frontend, ServiceEntry entry) {
        if (frontend.protocol() != Protocol.UDP) {
            return false;
        }
        var now = usable(entry);
        return lacks(now, kept.put(frontend, now));
    }

    private void tellIf(boolean lost) {
        if (lost) {
            left.run();
        }
    }

    private static boolean lacks(Set<SocketEndpoint> now, Collection<SocketEndpoint> before) {
        return now == null ? !before.isEmpty() : !now.containsAll(before);
    }

    private static Set<SocketEndpoint> union(Set<SocketEndpoint> before, Set<SocketEndpoint> now) {
        var both = new HashSet<>(before);
        both.addAll(now);
        return Set.copyOf(both);
    }

    private static Set<SocketEndpoint> usable(ServiceEntry entry) {
        return entry.backends().stream()
                .filter(backend -> backend.state() != BackendState.QUARANTINED)
                .map(backend -> new SocketEndpoint(backend.address(), backend.port()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
