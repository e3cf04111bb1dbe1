package dev.tombolo.benchmarks.propagation;

import com.sun.management.OperatingSystemMXBean;
import dev.tombolo.benchmarks.figures.Figures;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** One measurement in a process of its own: {@code Propagation SERVICES PODS_OF_A_SERVICE SECONDS}. */
public final class Propagation {
    private static final int CHANGES_A_SECOND = 100;
    /** Neighbours in time are no neighbours in service or node, and no pod comes twice before all others came. */
    private static final int STRIDE = 7_919;

    private static final int WARM_UP_SECONDS = 40;
    private static final Duration LONGEST_FILL = Duration.ofSeconds(120);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final Shape shape;
    private final WestKubernetes west;
    private final Arrivals inServices = new Arrivals();
    private final Arrivals inIpcache = new Arrivals();
    private int pod;
    private double latestWriterMillis;

    private Propagation(Shape shape) {
        this.shape = shape;
        this.west = new WestKubernetes(shape);
    }

    public static void main(String[] words) throws IOException {
        var shape = new Shape(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
        new Propagation(shape).run(Integer.parseInt(words[2]));
        System.exit(0);
    }

    private void run(int seconds) throws IOException {
        System.out.printf(
                "%n%,d endpoints in %,d services on %,d nodes, %d changes/s for %d s (after %d s of the same)%n",
                shape.endpoints(), shape.services(), shape.nodes(), CHANGES_A_SECOND, seconds, WARM_UP_SECONDS);
        long begin = System.nanoTime();
        west.fill();
        try (var mesh = new Mesh(west.tables());
                var east = new EastNode(shape, mesh.local(), inIpcache::arrived, inServices::arrived)) {
            await("the first copy", LONGEST_FILL, () -> east.backends() == shape.endpoints());
            System.out.printf(
                    "%-52s %8.1f s%n",
                    "everything in east's maps, from empty etcds", (System.nanoTime() - begin) / 1e9);
            change(WARM_UP_SECONDS * CHANGES_A_SECOND);
            inServices.clear();
            inIpcache.clear();
            latestWriterMillis = 0;
            var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long cpu = machine.getProcessCpuTime();
            int made = change(seconds * CHANGES_A_SECOND);
            report(made, (machine.getProcessCpuTime() - cpu) / 1e9 / seconds);
            verify(east);
        }
    }

    /** Replaces pods at the pace; waits for the last ones to arrive. */
    private int change(int changes) {
        long begin = System.nanoTime();
        for (int i = 0; i < changes; i++) {
            long due = begin + i * (1_000_000_000L / CHANGES_A_SECOND);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            latestWriterMillis = Math.max(latestWriterMillis, (System.nanoTime() - due) / 1e6);
            pod = (pod + STRIDE) % shape.endpoints();
            var address = west.successor(pod);
            long now = System.nanoTime();
            inServices.written(address, now);
            inIpcache.written(address, now);
            west.replace(pod);
        }
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (inServices.missing() + inIpcache.missing() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        return changes;
    }

    private void report(int made, double cpus) {
        line("new backend in the service maps", inServices, 20, 100);
        line("new address in the ipcache map", inIpcache, 20, 100);
        System.out.printf(
                "%,d changes, not arrived within %d s: %d; the writer was at most %.1f ms late; %.2f CPUs used, etcds not counted%n",
                made,
                LONGEST_WAIT.toSeconds(),
                Math.max(inServices.missing(), inIpcache.missing()),
                latestWriterMillis,
                cpus);
    }

    private static void line(String what, Arrivals arrivals, double p50Budget, double p99Budget) {
        var figures = arrivals.figures();
        System.out.printf(
                "%-52s p50 %.1f ms (budget %.0f: %s)  p99 %.1f ms (budget %.0f: %s)  max %.1f ms%n",
                what,
                figures.median(),
                p50Budget,
                Figures.verdict(figures.median(), p50Budget),
                figures.quantile(0.99),
                p99Budget,
                Figures.verdict(figures.quantile(0.99), p99Budget),
                figures.most());
    }

    /** The kernel's maps must be what Kubernetes of west says. */
    private void verify(EastNode east) throws IOException {
        Map<String, Set<String>> held = east.stop().entrySet().stream()
                .collect(Collectors.toMap(
                        row -> row.getKey().address().toString(),
                        row -> row.getValue().backends().stream()
                                .map(backend -> backend.address().toString())
                                .collect(Collectors.toSet())));
        int different = 0;
        for (int service = 0; service < shape.services(); service++) {
            var wanted = west.backends(service).stream().map(Object::toString).collect(Collectors.toSet());
            if (!wanted.equals(held.get(Shape.serviceAddress(service).toString()))) {
                different++;
            }
        }
        System.out.printf("services whose kernel map differs from west at the end: %d%n", different);
    }

    private static void await(String what, Duration longest, BooleanSupplier condition) {
        long end = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited " + longest + " for " + what + " in vain");
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }
}
