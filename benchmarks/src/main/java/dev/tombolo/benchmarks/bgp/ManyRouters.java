package dev.tombolo.benchmarks.bgp;

import dev.tombolo.benchmarks.figures.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One node that tells 1,000 routes to one router, to ten and to fifty, which are one BIRD. */
public final class ManyRouters {
    private static final List<Integer> ROUTERS = List.of(1, 10, 50);
    private static final int ROUTES = 1_000;
    private static final int CHANGES = 30;
    private static final Duration OFTEN = Duration.ofMillis(1);

    private final Speakers speakers;
    private final int rounds;

    public ManyRouters(Path repository, int rounds) {
        this.speakers = new Speakers(repository);
        this.rounds = Math.min(rounds, 3);
    }

    public void run() {
        if (!Speakers.areHere()) {
            return;
        }
        System.out.printf(
                "%nBGP: 1,000 routes to each of several routers, rounds in turn: %d; ms, medians; one more route of %d until"
                        + " all routers hold it%n%8s  %-8s %10s %10s %10s %10s %10s %10s %7s%n",
                rounds, CHANGES, "routers", "", "sessions", "1,000", "announce", "p99", "withdraw", "p99", "errors");
        for (int count : ROUTERS) {
            try (var network = new Network(count);
                    var routers = new Routers(network, count)) {
                var kinds = speakers.here(count);
                var all = new ArrayList<Run>();
                for (int round = 0; round < rounds; round++) {
                    kinds.forEach(kind -> all.add(round(kind, count, network, routers)));
                }
                kinds.forEach(kind -> report(
                        count,
                        kind.name(),
                        all.stream().filter(run -> run.kind.equals(kind.name())).toList()));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** What one speaker did. */
    private static final class Run {
        private final String kind;
        private double sessions;
        private double bulk;
        private final List<Double> announced = new ArrayList<>();
        private final List<Double> withdrawn = new ArrayList<>();
        private long errors;

        private Run(String kind) {
            this.kind = kind;
        }
    }

    private Run round(Speakers.Kind kind, int count, Network network, Routers routers) {
        var run = new Run(kind.name());
        long start = System.nanoTime();
        try (var announcer = kind.start().apply(network)) {
            Waiting.until("sessions of " + kind.name(), () -> routers.established() == count);
            run.sessions = (System.nanoTime() - start) / 1e6;
            run.bulk = Waiting.time(
                    "routes",
                    Duration.ofMillis(10),
                    () -> announcer.announce(0, ROUTES),
                    () -> routers.routes() == count * ROUTES);
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            for (int i = 0; i < CHANGES; i++) {
                run.announced.add(Waiting.time(
                        "one more route",
                        OFTEN,
                        () -> announcer.announce(ROUTES, 1),
                        () -> routers.routes() == count * (ROUTES + 1)));
                run.withdrawn.add(Waiting.time(
                        "one route less",
                        OFTEN,
                        () -> announcer.withdraw(ROUTES, 1),
                        () -> routers.routes() == count * ROUTES));
                LockSupport.parkNanos(Duration.ofMillis(120).toNanos());
            }
            run.errors = announcer.errors();
            announcer.withdraw(0, ROUTES);
            Waiting.until("routes that have gone", () -> routers.routes() == 0);
        } catch (IllegalStateException late) {
            System.out.println(kind.name() + ": " + late.getMessage());
            run.errors++;
        }
        Waiting.until("sessions that have gone", () -> routers.established() == 0 && routers.routes() == 0);
        return run;
    }

    private static void report(int count, String kind, List<Run> all) {
        var runs = all.stream().filter(run -> run.withdrawn.size() == CHANGES).toList();
        if (runs.isEmpty()) {
            System.out.printf("%8d  %-8s no round came to its end%n", count, kind);
            return;
        }
        var announced =
                Figures.of(runs.stream().flatMap(run -> run.announced.stream()).toList());
        var withdrawn =
                Figures.of(runs.stream().flatMap(run -> run.withdrawn.stream()).toList());
        System.out.printf(
                "%8d  %-8s %10.0f %10.0f %10.1f %10.1f %10.1f %10.1f %7d%n",
                count,
                kind,
                Figures.of(runs.stream().map(run -> run.sessions).toList()).median(),
                Figures.of(runs.stream().map(run -> run.bulk).toList()).median(),
                announced.median(),
                announced.quantile(0.99),
                withdrawn.median(),
                withdrawn.quantile(0.99),
                all.stream().mapToLong(run -> run.errors).sum());
    }
}
