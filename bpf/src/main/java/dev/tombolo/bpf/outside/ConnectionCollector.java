package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.egress.NatTimeouts;
import dev.tombolo.bpf.service.ServiceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** Ends connections from outside that are over, always both halves. Used by one thread, apart from its count. */
public final class ConnectionCollector {
    /** What one pass ends: a map that is full of connections that are over is more than an agent has memory for. */
    private static final int MOST = 16_384;

    /** No program is between the two writes of a new connection for so long. */
    private static final Duration HALF = Duration.ofSeconds(5);

    private static final int TCP = 6;

    private final BpfMap<ServiceTuple, ServiceTranslation> connections;
    private final NatTimeouts timeouts;
    private final LongSupplier clock;
    private volatile Map<ServiceKey, Integer> counted = Map.of();

    /** @param clock the kernel's monotonic one, in nanoseconds: {@link System#nanoTime} on Linux */
    public ConnectionCollector(
            BpfMap<ServiceTuple, ServiceTranslation> connections, NatTimeouts timeouts, LongSupplier clock) {
        this.connections = connections;
        this.timeouts = timeouts;
        this.clock = clock;
    }

    /** One pass over the map; returns how many halves it ended. */
    public int collect() throws BpfException {
        long now = clock.getAsLong();
        var old = new HashSet<ServiceTuple>();
        var counts = new HashMap<ServiceKey, Integer>();
        connections.forEach((key, half) -> {
            if (key.isToService()) {
                counts.merge(key.service(), 1, Integer::sum);
            }
            if (old.size() < MOST && now - half.lastSeen() > HALF.toNanos()) {
                old.add(key);
            }
        });
        counted = counts;
        return end(old);
    }

    /** How many there were for each service when the last pass went through them. */
    public Map<ServiceKey, Integer> counted() {
        return Collections.unmodifiableMap(counted);
    }

    private int end(Set<ServiceTuple> old) throws BpfException {
        int ended = 0;
        for (var key : old) {
            var half = connections.lookup(key);
            if (half.isPresent() && isOver(key, half.get())) {
                ended += end(key, half.get());
            }
        }
        return ended;
    }

    /** To the service first: a packet that comes in between then makes a connection anew. */
    private int end(ServiceTuple key, ServiceTranslation half) throws BpfException {
        var keys = new ArrayList<>(List.of(key));
        if (other(key, half).isPresent()) {
            keys.add(key.isToService() ? 1 : 0, key.other(half));
        }
        int ended = 0;
        for (var each : keys) {
            ended += connections.delete(each) ? 1 : 0;
        }
        return ended;
    }

    /** The other half, if it is there and names this one. */
    private Optional<ServiceTranslation> other(ServiceTuple key, ServiceTranslation half) throws BpfException {
        if (half.has(ServiceTranslation.HANDED_ON)) {
            return Optional.empty();
        }
        return connections
                .lookup(key.other(half))
                .filter(other -> key.other(half).other(other).equals(key));
    }

    /** A packet may have come since the half was read, and the other half is looked up only now: there are many. */
    private boolean isOver(ServiceTuple key, ServiceTranslation half) throws BpfException {
        var other = other(key, half);
        long lastSeen = Math.max(
                half.lastSeen(), other.map(ServiceTranslation::lastSeen).orElse(half.lastSeen()));
        return clock.getAsLong() - lastSeen > timeout(key, half, other).toNanos();
    }

    private Duration timeout(ServiceTuple key, ServiceTranslation half, Optional<ServiceTranslation> other) {
        if (half.has(ServiceTranslation.HANDED_ON)) {
            return handedOn(key, half);
        }
        if (other.isEmpty()) {
            return HALF;
        }
        var whole = other.get();
        boolean here = half.has(ServiceTranslation.REPLIED);
        boolean there = whole.has(ServiceTranslation.REPLIED);
        if (key.protocol() != TCP) {
            return here || there ? timeouts.stream() : timeouts.single();
        }
        boolean reset = half.has(ServiceTranslation.SEEN_RST) || whole.has(ServiceTranslation.SEEN_RST);
        boolean closed = half.has(ServiceTranslation.SEEN_FIN) && whole.has(ServiceTranslation.SEEN_FIN);
        if (reset || closed) {
            return timeouts.closing();
        }
        return here && there ? timeouts.established() : timeouts.handshake();
    }

    /** What the backend says is not seen here: its client's going on has to do. */
    private Duration handedOn(ServiceTuple key, ServiceTranslation half) {
        boolean replied = half.has(ServiceTranslation.REPLIED);
        if (key.protocol() != TCP) {
            return replied ? timeouts.stream() : timeouts.single();
        }
        if (half.has(ServiceTranslation.SEEN_RST)) {
            return timeouts.closing();
        }
        return replied ? timeouts.established() : timeouts.handshake();
    }
}
