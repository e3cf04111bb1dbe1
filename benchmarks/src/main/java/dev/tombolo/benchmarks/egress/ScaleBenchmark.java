package dev.tombolo.benchmarks.egress;

import dev.tombolo.benchmarks.figures.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From 100,000 pods and their policies in memory to the maps of a gateway, which holds the rows of all of them. Each round
 * is a fresh process, as that of a restarted agent, in a network namespace of its own. Where they are slow there are fewer.
 */
public final class ScaleBenchmark {
    private static final List<Integer> POLICIES = List.of(1, 100);
    private static final int MOST_ROUNDS = 3;
    private static final double LONGEST_MS = 30_000;
    private static final double TIME_BUDGET_MS = 2_000;
    private static final double CHANGE_BUDGET_MS = 20;
    private static final double MEMORY_BUDGET_MB = 64;
    private static final double MEGABYTE = 1 << 20;
    private static final int PODS = 100_000;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** Too much for an agent: a measurement keeps copies of all rows. */
    private static final int HEAP_MB = 1_024;

    private final int rounds;
    private final ScaleProcesses processes = new ScaleProcesses();

    public ScaleBenchmark(int rounds) {
        this.rounds = Math.min(rounds, MOST_ROUNDS);
    }

    public void run() {
        POLICIES.forEach(policies -> report(policies, rounds(policies)));
    }

    private Map<String, List<Double>> rounds(int policies) {
        var figures = new HashMap<String, List<Double>>();
        long begin = System.nanoTime();
        for (int round = 0; round < rounds && (System.nanoTime() - begin) / 1e6 < LONGEST_MS; round++) {
            processes
                    .run(LONGEST, HEAP_MB, policies, PODS)
                    .forEach((name, value) -> figures.computeIfAbsent(name, _ -> new ArrayList<>())
                            .add(value));
        }
        return figures;
    }

    private void report(int policies, Map<String, List<Double>> figures) {
        System.out.printf(
                "%nEgress, 100,000 selected pods on 400 nodes, policies: %d with 100 ranges each (%,.0f rows at a gateway),"
                        + " fresh processes: %d;%nmemory of maps is memlock of /proc/self/fdinfo%n",
                policies,
                Figures.of(figures.get("rows")).median(),
                figures.get("rows").size());
        line("policies and pods in memory -> all rows in the kernel", figures.get("total_ms"), "ms", TIME_BUDGET_MS);
        line("the same, time of all its threads", figures.get("cpu_ms"), "ms", Double.NaN);
        line("the same once more, with compiled code", figures.get("warm_ms"), "ms", Double.NaN);
        line("one pod replaced -> its rows in the kernel", figures.get("change_ms"), "ms", CHANGE_BUDGET_MS);
        line("a range of one policy replaced -> in the kernel", figures.get("policy_ms"), "ms", Double.NaN);
        line("one of two gateways dead -> slots in the kernel", figures.get("death_ms"), "ms", Double.NaN);
        line("by itself: decide and number", figures.get("decide_ms"), "ms", Double.NaN);
        line("by itself: carriers to all nodes", figures.get("carriers_ms"), "ms", Double.NaN);
        line("by itself: ranges that are never steered", figures.get("internal_ms"), "ms", Double.NaN);
        line("by itself: rows of the gateway", figures.get("rows_ms"), "ms", Double.NaN);
        line("by itself: rows into an empty table", figures.get("table_ms"), "ms", Double.NaN);
        line("by itself: rows into empty maps", figures.get("write_ms"), "ms", Double.NaN);
        line(
                "maps that policies fill, without tries' inner nodes",
                megabytes(figures, "policy_bytes"),
                "MB",
                MEMORY_BUDGET_MB);
        line("maps of connections, of fixed size", megabytes(figures, "connection_bytes"), "MB", Double.NaN);
        line("heap in use after all", megabytes(figures, "heap_bytes"), "MB", Double.NaN);
    }

    private static List<Double> megabytes(Map<String, List<Double>> figures, String name) {
        return figures.get(name).stream().map(bytes -> bytes / MEGABYTE).toList();
    }

    private static void line(String what, List<Double> values, String unit, double budget) {
        var figures = Figures.of(values);
        String verdict = Double.isNaN(budget)
                ? ""
                : "   budget %,.0f: %s".formatted(budget, Figures.verdict(figures.median(), budget));
        System.out.printf(
                "%-54s %8.1f %s  (%.1f–%.1f)%s%n",
                what, figures.median(), unit, figures.least(), figures.most(), verdict);
    }
}
