package dev.tombolo.benchmarks.rate;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.rate.Lane.Rate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Packets of one connection through each lane, alternating; then so many connections, and packets of those. The first lane
 * is what the source takes alone.
 */
final class RateComparison {
    private final int rounds;
    private final List<Lane> lanes;

    RateComparison(int rounds, List<Lane> lanes) {
        this.rounds = rounds;
        this.lanes = lanes;
    }

    void run(String what) {
        // What is warm is so for all of them; the first packets wait for their neighbours' addresses too.
        lanes.forEach(lane -> lane.goOn(1));
        var ofOne = measure(1);
        var begun = new LinkedHashMap<Lane, Rate>();
        for (Lane lane : lanes) {
            begun.put(lane, lane.begin(PacketSource.MANY_CONNECTIONS));
        }
        var ofMany = measure(PacketSource.MANY_CONNECTIONS);
        System.out.printf("%n%s, %d rounds; thousands of packets per second and CPU ns of a packet%n", what, rounds);
        String many = "%,d connections".formatted(PacketSource.MANY_CONNECTIONS);
        System.out.printf("%-20s %35s %35s %17s%n", "", "1 connection", many, "first packets");
        String columns = "%6s %14s %6s %6s".formatted("k/s", "(least–most)", "ns", "node");
        System.out.printf("%-20s %s %s %6s %10s %9s%n", "", columns, columns, "k/s", "ns", "lost");
        for (Lane lane : lanes) {
            System.out.printf(
                    "%-20s %s %s %,6.0f %,10.0f %,9d%n",
                    lane.name(),
                    columns(ofOne, lane),
                    columns(ofMany, lane),
                    begun.get(lane).perSecond() / 1e3,
                    begun.get(lane).cpuNanos(),
                    lost(ofOne.get(lane))
                            + lost(ofMany.get(lane))
                            + begun.get(lane).lost());
        }
    }

    private Map<Lane, List<Rate>> measure(int connections) {
        var rates = new LinkedHashMap<Lane, List<Rate>>();
        var order = new ArrayList<>(lanes);
        for (int round = 0; round < rounds; round++) {
            for (Lane lane : order) {
                rates.computeIfAbsent(lane, _ -> new ArrayList<>()).add(lane.goOn(connections));
            }
            Collections.reverse(order);
        }
        return rates;
    }

    private static long lost(List<Rate> rates) {
        return rates.stream().mapToLong(Rate::lost).sum();
    }

    /** The first lane is what the source takes alone; the node has the rest. */
    private String columns(Map<Lane, List<Rate>> rates, Lane lane) {
        var perSecond = figures(rates.get(lane), rate -> rate.perSecond() / 1e3);
        double nanos = figures(rates.get(lane), Rate::cpuNanos).median();
        double source = figures(rates.get(lanes.getFirst()), Rate::cpuNanos).median();
        return "%,6.0f %14s %,6.0f %6.0f"
                .formatted(
                        perSecond.median(),
                        "(%,.0f–%,.0f)".formatted(perSecond.least(), perSecond.most()),
                        nanos,
                        nanos - source);
    }

    private static Figures figures(List<Rate> rates, ToDoubleFunction<Rate> figure) {
        return Figures.of(rates.stream().mapToDouble(figure).boxed().toList());
    }
}
