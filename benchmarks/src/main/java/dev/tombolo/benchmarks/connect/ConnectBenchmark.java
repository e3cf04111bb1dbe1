package dev.tombolo.benchmarks.connect;

import dev.tombolo.benchmarks.shell.Shell;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Connect latency and rate to the last and to a random one of N services, for each mode, alternating in one run. Prints
 * the median of the rounds' medians, the errors, the time to load and to add one service.
 */
public final class ConnectBenchmark {
    private static final int CONNECTS = 2_000;
    private static final int LONGEST_SECONDS_A_ROUND = 20;
    private static final Pattern LINE =
            Pattern.compile("ok=(\\d+) errors=(\\d+) p50_us=([\\d.]+) p99_us=([\\d.]+) rate=([\\d.]+)");

    private final Path programs;
    private final int rounds;

    public ConnectBenchmark(Path programs, int rounds) {
        this.programs = programs;
        this.rounds = rounds;
    }

    /** What is compared at this many services; beyond 10,000 the rule-set tools take minutes to load and are left out. */
    public static List<ServiceMode> modes(int services) throws IOException {
        if (services > 10_000) {
            return List.of(new KernelModes.Direct("direct"), new EbpfMode(), new PacketMode());
        }
        return List.of(
                new KernelModes.Direct("direct"),
                new KernelModes.Iptables("iptables-legacy", "iptables-legacy-restore", Protocol.TCP),
                new KernelModes.Iptables("iptables-nft", "iptables-nft-restore", Protocol.TCP),
                new KernelModes.NftablesMap(),
                new EbpfMode(),
                new PacketMode());
    }

    /** A mode that has been set up. */
    record Prepared(ServiceMode mode, Topology topology, double loadMillis) {}

    private record Key(String mode, String which) {}

    private record Round(long errors, double p50, double p99, double rate) {}

    public void run(int services, List<ServiceMode> modes) throws IOException {
        var topologies = new ArrayList<Topology>();
        try {
            var prepared = new ArrayList<Prepared>();
            for (ServiceMode mode : modes) {
                var topology = new Topology(
                        Integer.toString(topologies.size()),
                        programs.resolve("accept-server").toString());
                topologies.add(topology);
                long begin = System.nanoTime();
                mode.load(topology, services);
                prepared.add(new Prepared(mode, topology, (System.nanoTime() - begin) / 1e6));
            }
            report(services, prepared, measure(services, prepared));
            new StreamComparison(rounds).run(services, prepared);
        } finally {
            modes.forEach(ServiceMode::close);
            topologies.forEach(Topology::close);
        }
    }

    private Map<Key, List<Round>> measure(int services, List<Prepared> prepared) {
        var results = new LinkedHashMap<Key, List<Round>>();
        var order = new ArrayList<>(prepared);
        for (int round = 0; round < rounds; round++) {
            for (String which : List.of("last", "random")) {
                for (Prepared each : order) {
                    results.computeIfAbsent(new Key(each.mode.name(), which), _ -> new ArrayList<>())
                            .add(round(each, services, which));
                }
            }
            Collections.reverse(order);
        }
        return results;
    }

    private Round round(Prepared each, int services, String which) {
        var command = new ArrayList<>(each.mode.clientPrefix(each.topology));
        boolean direct = each.mode.isDirect();
        command.addAll(List.of(
                programs.resolve("connect-client").toString(),
                each.mode.baseAddress(),
                Integer.toString(direct ? Topology.BACKEND_PORT : Topology.SERVICE_PORT),
                Integer.toString(direct ? 1 : services),
                which,
                Integer.toString(CONNECTS),
                Integer.toString(LONGEST_SECONDS_A_ROUND)));
        var line = LINE.matcher(Shell.run("", command).strip());
        if (!line.matches()) {
            throw new IllegalStateException("the client printed something else than a result");
        }
        return new Round(
                Long.parseLong(line.group(2)) + (Long.parseLong(line.group(1)) == 0 ? CONNECTS : 0),
                Double.parseDouble(line.group(3)),
                Double.parseDouble(line.group(4)),
                Double.parseDouble(line.group(5)));
    }

    private void report(int services, List<Prepared> prepared, Map<Key, List<Round>> results) {
        System.out.printf("%n%,d services, %d rounds of %,d connects%n", services, rounds, CONNECTS);
        System.out.printf(
                "%-16s %12s %12s %12s %12s %8s %12s %14s%n",
                "mode", "last p50 us", "last /s", "random p50", "random /s", "errors", "load ms", "add one us");
        for (Prepared each : prepared) {
            var last = results.get(new Key(each.mode.name(), "last"));
            var random = results.get(new Key(each.mode.name(), "random"));
            long errors = java.util.stream.Stream.concat(last.stream(), random.stream())
                    .mapToLong(Round::errors)
                    .sum();
            System.out.printf(
                    "%-16s %12.1f %12.0f %12.1f %12.0f %8d %12.1f %14.1f%n",
                    each.mode.name(),
                    median(last.stream().mapToDouble(Round::p50).toArray()),
                    median(last.stream().mapToDouble(Round::rate).toArray()),
                    median(random.stream().mapToDouble(Round::p50).toArray()),
                    median(random.stream().mapToDouble(Round::rate).toArray()),
                    errors,
                    each.loadMillis,
                    each.mode.addOneMicros(each.topology, services));
        }
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
