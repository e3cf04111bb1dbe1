package dev.tombolo.benchmarks.egress;

import dev.tombolo.agent.egress.EgressScale;
import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.shell.Shell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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
    private static final String NAMESPACE = "tblb" + ProcessHandle.current().pid() + "e";
    private static final Path STATE = Path.of("/tmp", NAMESPACE);
    private static final String NETWORK = """
            link set lo up
            link add up0 type veth peer name far0
            link set up0 up
            link set far0 up
            address add 203.0.113.1/24 dev up0
            address add 203.0.113.7/24 dev up0
            route add default via 203.0.113.254
            """;
    private static final Pattern FIGURE = Pattern.compile("([a-z_]+)=([\\d.]+)");

    private final int rounds;

    public ScaleBenchmark(int rounds) {
        this.rounds = Math.min(rounds, MOST_ROUNDS);
        // A process that is told to end must not leave anything behind.
        Runtime.getRuntime().addShutdownHook(new Thread(ScaleBenchmark::cleanUp));
    }

    public void run() {
        POLICIES.forEach(policies -> report(policies, rounds(policies)));
    }

    private Map<String, List<Double>> rounds(int policies) {
        var figures = new HashMap<String, List<Double>>();
        long begin = System.nanoTime();
        for (int round = 0; round < rounds && (System.nanoTime() - begin) / 1e6 < LONGEST_MS; round++) {
            measure(policies)
                    .forEach((name, value) -> figures.computeIfAbsent(name, _ -> new ArrayList<>())
                            .add(value));
        }
        return figures;
    }

    private static Map<String, Double> measure(int policies) {
        try {
            Shell.run("mkdir", STATE.toString());
            Shell.run("ip", "netns", "add", NAMESPACE);
            Shell.run(NETWORK, List.of("ip", "-n", NAMESPACE, "-batch", "-"));
            return figures(Shell.run("", command(policies)));
        } finally {
            cleanUp();
        }
    }

    private static void cleanUp() {
        Shell.attempt(List.of("ip", "netns", "del", NAMESPACE));
        Shell.attempt(List.of("rm", "-r", STATE.toString()));
    }

    /** The agent's compiler; its heap would be too small for the copies of all rows that a measurement keeps. */
    private static List<String> command(int policies) {
        return List.of(
                "ip",
                "netns",
                "exec",
                NAMESPACE,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx1024m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                EgressScale.class.getName(),
                Integer.toString(policies),
                STATE.toString());
    }

    private static Map<String, Double> figures(String printed) {
        var figures = new HashMap<String, Double>();
        FIGURE.matcher(printed)
                .results()
                .forEach(found -> figures.put(found.group(1), Double.parseDouble(found.group(2))));
        if (!figures.containsKey("total_ms") || !figures.containsKey("write_ms")) {
            throw new IllegalStateException("a measurement printed something else than its figures: " + printed);
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
