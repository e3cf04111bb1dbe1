package dev.tombolo.benchmarks.connect;

import dev.tombolo.benchmarks.connect.ConnectBenchmark.Prepared;
import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.stream.TcpStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One TCP stream to the last of N services in each mode, alternating: what an established connection gets through. */
final class StreamComparison {
    private static final int SECONDS = 3;

    private final int rounds;
    private final Map<String, List<Double>> gigabits = new LinkedHashMap<>();
    private int errors;

    StreamComparison(int rounds) {
        this.rounds = rounds;
    }

    void run(int services, List<Prepared> prepared) throws IOException {
        for (Prepared each : prepared) {
            each.topology().serveStreams();
        }
        var order = new ArrayList<>(prepared);
        for (int round = 0; round < rounds; round++) {
            order.forEach(each -> round(each, services));
            Collections.reverse(order);
        }
        report(services);
    }

    private void round(Prepared each, int services) {
        boolean direct = each.mode().isDirect();
        TcpStream.measure(
                        each.mode().clientPrefix(each.topology()),
                        direct
                                ? each.mode().baseAddress()
                                : KernelModes.serviceAddress(services - 1).toString(),
                        direct ? Topology.BACKEND_PORT : Topology.SERVICE_PORT,
                        SECONDS)
                .ifPresentOrElse(
                        value -> gigabits.computeIfAbsent(each.mode().name(), _ -> new ArrayList<>())
                                .add(value),
                        () -> errors++);
    }

    private void report(int services) {
        System.out.printf(
                "%n%,d services, one TCP stream of %d s to the last, %d rounds, Gbit/s; %d errors%n",
                services, SECONDS, rounds, errors);
        gigabits.forEach((mode, values) -> {
            var figures = Figures.of(values);
            System.out.printf("%-16s %8.2f (%.2f–%.2f)%n", mode, figures.median(), figures.least(), figures.most());
        });
    }
}
