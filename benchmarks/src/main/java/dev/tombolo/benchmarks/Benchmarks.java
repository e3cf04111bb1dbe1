package dev.tombolo.benchmarks;

import dev.tombolo.benchmarks.bgp.Kills;
import dev.tombolo.benchmarks.bgp.ManyRouters;
import dev.tombolo.benchmarks.bgp.RouteRates;
import dev.tombolo.benchmarks.bgp.ServiceChanges;
import dev.tombolo.benchmarks.connect.ConnectBenchmark;
import dev.tombolo.benchmarks.egress.HeapBenchmark;
import dev.tombolo.benchmarks.egress.PacketCost;
import dev.tombolo.benchmarks.egress.PortSupply;
import dev.tombolo.benchmarks.egress.ScaleBenchmark;
import dev.tombolo.benchmarks.egress.SnatThroughput;
import dev.tombolo.benchmarks.lab.EgressFailover;
import dev.tombolo.benchmarks.lab.LabBenchmarks;
import dev.tombolo.benchmarks.load.LoadBenchmark;
import dev.tombolo.benchmarks.outside.OutsideCost;
import dev.tombolo.benchmarks.propagation.PropagationBenchmark;
import dev.tombolo.benchmarks.rate.HandedOnRate;
import dev.tombolo.benchmarks.rate.OutsideRate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/** Runs the measurements: {@code Benchmarks REPOSITORY COMMIT ROUNDS PART…}; prints machine, date and commit first. */
public final class Benchmarks {
    private static final List<Integer> SERVICES = List.of(100, 1_000, 10_000, 100_000);
    private static final Set<String> IN_A_LAB = Set.of("demo", "agent", "throughput");

    private Benchmarks() {}

    public static void main(String[] words) throws IOException {
        var repository = Path.of(words[0]);
        int rounds = Integer.parseInt(words[2]);
        System.out.printf(
                "%s, commit %s%n%s, %d CPUs, Linux %s, Java %s%n",
                LocalDate.now(),
                words[1],
                cpu(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"),
                System.getProperty("java.version"));
        var parts = List.of(words).subList(3, words.length);
        parts.stream().filter(part -> !IN_A_LAB.contains(part)).forEach(part -> run(part, repository, rounds));
        if (parts.stream().anyMatch(IN_A_LAB::contains)) {
            new LabBenchmarks(repository, rounds).run(parts);
        }
    }

    private static void run(String part, Path repository, int rounds) {
        switch (part) {
            case "connect" -> connect(repository.resolve("benchmarks/target/programs"), rounds);
            case "load" -> new LoadBenchmark(repository, rounds).run();
            case "outside-packets" -> new OutsideCost(rounds).run();
            case "outside-rate" -> new OutsideRate(repository, rounds).run();
            case "handed-on-rate" -> new HandedOnRate(repository, rounds).run();
            case "egress-packets" -> new PacketCost(rounds).run();
            case "egress-scale" -> new ScaleBenchmark(rounds).run();
            case "egress-heap" -> new HeapBenchmark().run();
            case "egress-ports" -> new PortSupply().run();
            case "egress-failover" -> new EgressFailover(repository).run();
            case "egress-snat" -> new SnatThroughput(repository, rounds).run();
            case "bgp-services" -> new ServiceChanges(repository).run();
            case "bgp-routes" -> new RouteRates(repository, rounds).run();
            case "bgp-routers" -> new ManyRouters(repository, rounds).run();
            case "bgp-kills" -> new Kills(repository, rounds).run();
            case "propagation" -> new PropagationBenchmark().run();
            default -> throw new IllegalArgumentException("no part is called " + part);
        }
    }

    private static void connect(Path programs, int rounds) {
        var benchmark = new ConnectBenchmark(programs, rounds);
        try {
            for (int services : SERVICES) {
                benchmark.run(services, ConnectBenchmark.modes(services));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String cpu() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
    }
}
