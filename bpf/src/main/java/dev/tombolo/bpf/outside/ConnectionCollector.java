package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.ArrayIndex;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.egress.NatTimeouts;
import dev.tombolo.bpf.service.ServiceKey;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** Ends connections from outside that are over, always both halves. Used by one thread, apart from its count. */
public final class ConnectionCollector {
    /** What one pass ends: a map that is full of connections that are over is more than an agent has memory for. */
    private static final int MOST = 16_384;

    private final BpfMap<ServiceTuple, ServiceTranslation> connections;
    private final RoomCount room;
    private final ConnectionLife life;
    private final LongSupplier clock;
    private final int most;
    private volatile Map<ServiceKey, Integer> counted = Map.of();
    private boolean behind;

    /** @param clock the kernel's monotonic one, in nanoseconds: {@link System#nanoTime} on Linux */
    public ConnectionCollector(
            BpfMap<ServiceTuple, ServiceTranslation> connections,
            BpfMap<ArrayIndex, ServiceRoom> room,
            NatTimeouts timeouts,
            LongSupplier clock) {
        this(connections, room, timeouts, clock, MOST);
    }

    /** @param most halves that a pass ends by themselves, each with its other one */
    ConnectionCollector(
            BpfMap<ServiceTuple, ServiceTranslation> connections,
            BpfMap<ArrayIndex, ServiceRoom> room,
            NatTimeouts timeouts,
            LongSupplier clock,
            int most) {
        this.connections = connections;
        this.room = new RoomCount(room, connections.capacity());
        this.life = new ConnectionLife(timeouts);
        this.clock = clock;
        this.most = most;
    }

    /** One pass over the map; returns how many halves it ended. */
    public int collect() throws BpfException {
        long now = clock.getAsLong();
        var over = new HashSet<ServiceTuple>();
        var counts = new HashMap<ServiceKey, Integer>();
        room.begin();
        connections.forEach((key, half) -> {
            room.add(key, half);
            if (key.isToService()) {
                counts.merge(key.service(), 1, Integer::sum);
            }
            if (over.size() < most && isOver(key, half, now)) {
                over.add(key);
            }
        });
        counted = counts;
        behind = over.size() == most;
        int ended = end(over);
        room.finish();
        return ended;
    }

    /** Whether the last pass may have left some that were to end. */
    public boolean isBehind() {
        return behind;
    }

    /** How many there were for each service when the last pass went through them. */
    public Map<ServiceKey, Integer> counted() {
        return Collections.unmodifiableMap(counted);
    }

    /** The other half is looked up only where that could matter: there are very many. */
    private boolean isOver(ServiceTuple key, ServiceTranslation half, long now) throws BpfException {
        return life.mayBeOver(key, half, now) && life.isOver(key, half, other(key, half), now);
    }

    /** A pass takes a while, and a packet may have come meanwhile. */
    private int end(Set<ServiceTuple> over) throws BpfException {
        int ended = 0;
        for (var key : over) {
            var half = connections.lookup(key);
            if (half.isPresent() && isOver(key, half.get(), clock.getAsLong())) {
                ended += end(key, half.get());
            }
        }
        return ended;
    }

    /** To the service first: a packet that comes in between then makes a connection anew. */
    private int end(ServiceTuple key, ServiceTranslation half) throws BpfException {
        var halves = new LinkedHashMap<ServiceTuple, ServiceTranslation>();
        halves.put(key, half);
        other(key, half).ifPresent(other -> {
            if (key.isToService()) {
                halves.putLast(key.other(half), other);
            } else {
                halves.putFirst(key.other(half), other);
            }
        });
        int ended = 0;
        for (var each : halves.entrySet()) {
            if (connections.delete(each.getKey())) {
                room.remove(each.getKey(), each.getValue());
                ended++;
            }
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
}
