package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.net.Protocol;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The service maps, and beside them what they hold for UDP: the backends that a connected socket may go on talking to.
 * Dead ones are none of them, draining ones are. Whoever wants to know is told once one has left.
 */
public final class UdpBackends implements Target<Frontend, ServiceEntry> {
    private final Target<Frontend, ServiceEntry> maps;
    private volatile Map<Frontend, Set<SocketEndpoint>> kept = new ConcurrentHashMap<>();
    private volatile Runnable left = () -> {};

    public UdpBackends(Target<Frontend, ServiceEntry> maps) {
        this.maps = maps;
    }

    /** The listener must only signal: it is called by the thread that writes the maps. */
    void onLeft(Runnable listener) {
        left = listener;
    }

    boolean keeps(Frontend frontend, SocketEndpoint backend) {
        return kept.getOrDefault(frontend, Set.of()).contains(backend);
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
        // All at once: whoever asks meanwhile must not miss one that is there.
        kept = seen;
        return rows;
    }

    @Override
    public synchronized void put(Frontend frontend, ServiceEntry entry) throws IOException {
        maps.put(frontend, entry);
        note(frontend, usable(entry));
    }

    @Override
    public synchronized void remove(Frontend frontend) throws IOException {
        maps.remove(frontend);
        note(frontend, Set.of());
    }

    @Override
    public synchronized Map<Frontend, IOException> putAll(Map<Frontend, ServiceEntry> rows) {
        var failures = maps.putAll(rows);
        rows.forEach((frontend, entry) -> {
            if (!failures.containsKey(frontend)) {
                note(frontend, usable(entry));
            }
        });
        return failures;
    }

    private void note(Frontend frontend, Set<SocketEndpoint> now) {
        if (frontend.protocol() != Protocol.UDP) {
            return;
        }
        var before = now.isEmpty() ? kept.remove(frontend) : kept.put(frontend, now);
        if (before != null && !now.containsAll(before)) {
            left.run();
        }
    }

    private static Set<SocketEndpoint> usable(ServiceEntry entry) {
        return entry.backends().stream()
                .filter(backend -> backend.state() != BackendState.QUARANTINED)
                .map(backend -> new SocketEndpoint(backend.address(), backend.port()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
