package dev.tombolo.agent.egress.connections;

import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.SteeredFlows;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.Conntrack;
import dev.tombolo.netlink.NoConntrackException;
import dev.tombolo.netlink.TrackedConnection;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes through the connections that the kernel tracks, and has it forget the stale ones. One thread sweeps. */
final class ConnectionSweep {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionSweep.class);

    /** At once; the rest has to wait for the next time. */
    static final int MOST = 10_000;

    private final EgressMaps maps;
    private final SteeredFlows flows;
    private final Opening conntrack;
    private final Map<Staleness, AtomicLong> forgotten = new EnumMap<>(Staleness.class);
    private boolean missing;

    /** Of the namespace whose connections they are. */
    @FunctionalInterface
    interface Opening {
        Conntrack open() throws IOException;
    }

    ConnectionSweep(EgressMaps maps, Opening conntrack) {
        this.maps = maps;
        flows = new SteeredFlows(maps);
        this.conntrack = conntrack;
        for (var why : Staleness.values()) {
            forgotten.put(why, new AtomicLong());
        }
    }

    /**
     * False where there may be more to forget.
     *
     * @param nodes the node's own addresses
     */
    boolean sweep(Set<IpAddress> nodes) throws IOException {
        try (var connections = conntrack.open()) {
            missing = false;
            var stale = stale(connections, nodes);
            for (var each : stale.entrySet()) {
                // Rows change while the table is read: what was seen between two of them is no reason to end a flow.
                if (staleness(each.getKey(), nodes, new Steering(maps)).equals(Optional.of(each.getValue()))) {
                    forget(connections, each.getKey(), each.getValue());
                }
            }
            return stale.size() < MOST;
        } catch (NoConntrackException none) {
            // Where nothing is tracked, nothing is translated by what was tracked.
            if (!missing) {
                LOG.warn("connections that began before an egress policy are not ended: {}", none.getMessage());
            }
            missing = true;
            return true;
        }
    }

    /**
     * Of a flow that was steered first the data path: an answer that still came to the pod would begin a connection of its
     * own, whose other direction, what the pod sends, nobody translates.
     */
    private void forget(Conntrack connections, TrackedConnection connection, Staleness why) throws IOException {
        if (why == Staleness.STEERED_NO_MORE) {
            flows.end(connection.source(), connection.destination(), connection.protocol());
        }
        if (connections.delete(connection)) {
            forgotten.get(why).incrementAndGet();
        }
    }

    private Map<TrackedConnection, Staleness> stale(Conntrack connections, Set<IpAddress> nodes) throws IOException {
        var steering = new Steering(maps);
        var stale = new LinkedHashMap<TrackedConnection, Staleness>();
        connections.visit(StaleConnectionPlan.STEERED_MARK, connection -> {
            if (stale.size() < MOST) {
                staleness(connection, nodes, steering).ifPresent(why -> stale.put(connection, why));
            }
        });
        return stale;
    }

    private static Optional<Staleness> staleness(TrackedConnection connection, Set<IpAddress> nodes, Steering steering)
            throws IOException {
        var fate = steering.fate(
                connection.source().address(), connection.destination().address());
        return StaleConnectionPlan.staleness(connection, nodes, fate);
    }

    /** So far, by the labels of why. */
    Map<String, Long> forgotten() {
        var counts = new HashMap<String, Long>();
        forgotten.forEach((why, count) -> counts.put(why.label(), count.get()));
        return counts;
    }
}
