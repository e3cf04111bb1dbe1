package dev.tombolo.agent.egress.carrier;

import dev.tombolo.agent.egress.failover.Probe;
import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.agent.probe.PathMeasure;
import dev.tombolo.agent.probe.ProbeSizes;
import dev.tombolo.agent.probe.UnderlayRoom;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.EchoSocket;
import dev.tombolo.netlink.NetlinkException;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Measures how large packets to gateways and back may be, by echoes of several sizes through their carriers, which a
 * program in the gateway's kernel answers. For those that no tunnel leads to: of others the tunnel is measured. Confined
 * to one thread.
 */
public final class CarrierProber {
    private static final Duration ROUND = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofMillis(5);

    private final Supplier<Map<NodeId, Way>> ways;
    private final Table<NodeId, PathMeasure> measures;
    private final Supplier<UnderlayRoom> underlay;
    private final Echo echo;
    private final Map<NodeId, PathMeasure> known = new HashMap<>();

    /**
     * To a gateway.
     *
     * @param mtu of the carrier
     * @param end of the carrier's WireGuard
     */
    public record Way(Probe probe, int mtu, IpAddress end) {}

    /** Asks for echoes; used by one thread. */
    interface Echo extends AutoCloseable {
        void ask(Probe probe, int size);

        /** The largest that came in from each since the last call. */
        Map<IpAddress, Integer> answered();

        @Override
        void close();
    }

    private record Socket(EchoSocket socket) implements Echo {
        @Override
        public void ask(Probe probe, int size) {
            // Not sent is not answered, which is what the round counts.
            socket.ask(probe.host(), probe.device(), probe.source(), size);
        }

        @Override
        public Map<IpAddress, Integer> answered() {
            return socket.answeredSizes();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    CarrierProber(
            Supplier<Map<NodeId, Way>> ways,
            Table<NodeId, PathMeasure> measures,
            Supplier<UnderlayRoom> underlay,
            Echo echo) {
        this.ways = ways;
        this.measures = measures;
        this.underlay = underlay;
        this.echo = echo;
    }

    /** Measures by the devices of this network namespace, until what it returns is closed. */
    public static Runnable start(
            Supplier<Map<NodeId, Way>> ways, Table<NodeId, PathMeasure> measures, Supplier<UnderlayRoom> underlay)
            throws NetlinkException {
        var prober = new CarrierProber(ways, measures, underlay, new Socket(EchoSocket.open()));
        var watch = Watch.start("measure carriers", "ways to egress gateways cannot be measured", () -> {
            prober.round(PATIENCE);
            Thread.sleep(ROUND);
        });
        return () -> {
            watch.close();
            prober.echo.close();
        };
    }

    /** @param patience with one gateway */
    void round(Duration patience) throws InterruptedException {
        var asked = ways.get();
        known.keySet().retainAll(asked.keySet());
        for (var row : asked.entrySet()) {
            var way = row.getValue();
            var largest = largest(way, patience);
            var limited = underlay.get().limit(largest, way.end(), way.mtu());
            var before = known.getOrDefault(row.getKey(), PathMeasure.unknown(way.mtu()));
            known.put(row.getKey(), before.after(limited));
        }
        var rows = new HashMap<NodeId, PathMeasure>();
        known.forEach((node, measure) -> rows.put(node, new PathMeasure(measure.mtu(), measure.answers(), 0)));
        measures.replaceAll(rows);
    }

    /**
     * Smaller sizes only where the largest is not answered: every socket that waits for echoes hears all answers. So one
     * gateway after the other.
     */
    private OptionalInt largest(Way way, Duration patience) throws InterruptedException {
        echo.answered();
        var sizes = ProbeSizes.upTo(way.mtu());
        int largest = ask(way, sizes.subList(0, 1), patience);
        if (largest < way.mtu()) {
            largest = Math.max(largest, ask(way, sizes, patience));
        }
        return largest == 0 ? OptionalInt.empty() : OptionalInt.of(largest);
    }

    private int ask(Way way, List<Integer> sizes, Duration patience) throws InterruptedException {
        int largest = 0;
        for (int size : sizes) {
            echo.ask(way.probe(), size);
            largest = Math.max(largest, answer(way));
        }
        long end = System.nanoTime() + patience.toNanos();
        while (largest < way.mtu() && System.nanoTime() < end) {
            Thread.sleep(LOOK);
            largest = Math.max(largest, answer(way));
        }
        return largest;
    }

    private int answer(Way way) {
        return echo.answered().getOrDefault(way.probe().host(), 0);
    }
}
