package dev.tombolo.benchmarks.bgp;

import dev.tombolo.benchmarks.figures.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * How long until a router holds what a speaker is given, beside GoBGP: the same router, speakers in turn, each started anew and
 * warmed up with 2,000 routes that are withdrawn again.
 */
public final class RouteRates {
    private static final int WARM = 2_000;
    private static final int STANDING = 1_000;
    private static final int CHANGES = 100;
    private static final String ANNOUNCE = "one more";
    private static final String WITHDRAW = "one less";
    private static final int[] BULKS = {10_000, 100_000};
    private static final Map<String, Double> BUDGETS =
            Map.of("10,000 routes", 1_000.0, "100,000 routes", 8_000.0, ANNOUNCE, 20.0, WITHDRAW, 20.0);
    private static final Duration OFTEN = Duration.ofNanos(500_000);
    private static final Duration SELDOM = Duration.ofMillis(10);

    private final Speakers speakers;
    private final int rounds;
    private final Map<String, Map<String, List<Double>>> figures = new TreeMap<>();
    private final Map<String, Long> errors = new TreeMap<>();

    public RouteRates(Path repository, int rounds) {
        this.speakers = new Speakers(repository);
        this.rounds = rounds;
    }

    public void run() {
        if (!Speakers.areHere()) {
            return;
        }
        try (var network = new Network(1);
                var routers = new Routers(network, 1)) {
            for (int round = 0; round < rounds; round++) {
                for (var kind : speakers.here(1)) {
                    round(kind, network, routers);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        report();
    }

    private void round(Speakers.Kind kind, Network network, Routers routers) {
        try (var announcer = kind.start().apply(network)) {
            Waiting.until("a session of " + kind.name(), () -> routers.established() == 1);
            bulk(announcer, routers, WARM);
            for (int count : BULKS) {
                note(kind, "%,d routes".formatted(count), bulk(announcer, routers, count));
            }
            singles(kind, announcer, routers);
            errors.merge(kind.name(), announcer.errors(), Long::sum);
        } catch (IllegalStateException late) {
            System.out.println(kind.name() + ": " + late.getMessage());
            errors.merge(kind.name(), 1L, Long::sum);
        }
        Waiting.until("routes that have gone", () -> routers.routes() == 0);
    }

    /** Returns how long the announcement took; all are withdrawn when it is over. */
    private static double bulk(Announcer announcer, Routers routers, int count) {
        double took = Waiting.time(
                "%,d routes".formatted(count),
                SELDOM,
                () -> announcer.announce(0, count),
                () -> routers.routes() == count);
        announcer.withdraw(0, count);
        Waiting.until("routes that have gone", SELDOM, () -> routers.routes() == 0);
        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        return took;
    }

    private void singles(Speakers.Kind kind, Announcer announcer, Routers routers) {
        announcer.announce(0, STANDING);
        Waiting.until("standing routes", SELDOM, () -> routers.routes() == STANDING);
        for (int i = 0; i < CHANGES; i++) {
            note(
                    kind,
                    ANNOUNCE,
                    Waiting.time(
                            "one more route",
                            OFTEN,
                            () -> announcer.announce(STANDING, 1),
                            () -> routers.routes() == STANDING + 1));
            note(
                    kind,
                    WITHDRAW,
                    Waiting.time(
                            "one route less",
                            OFTEN,
                            () -> announcer.withdraw(STANDING, 1),
                            () -> routers.routes() == STANDING));
            // What is said next of the same prefix waits by design, which is not what is measured.
            LockSupport.parkNanos(Duration.ofMillis(120).toNanos());
        }
        announcer.withdraw(0, STANDING);
        Waiting.until("routes that have gone", SELDOM, () -> routers.routes() == 0);
    }

    private void note(Speakers.Kind kind, String what, double took) {
        figures.computeIfAbsent(what, _ -> new TreeMap<>())
                .computeIfAbsent(kind.name(), _ -> new ArrayList<>())
                .add(took);
    }

    private void report() {
        System.out.printf(
                "%nBGP: from what a speaker is given to what BIRD holds, rounds in turn: %d; in each one route more and one less,"
                        + " %d times beside %,d; ms%n%-16s %-8s %9s %9s %9s %9s%n",
                rounds, CHANGES, STANDING, "", "", "median", "p99", "least", "most");
        figures.forEach((what, byKind) -> byKind.forEach((kind, values) -> line(what, kind, Figures.of(values))));
        errors.forEach((kind, count) -> System.out.printf("%-16s %-8s %9d%n", "errors", kind, count));
    }

    /** Of bulks the median is judged, of single changes the 99th of a hundred. */
    private static void line(String what, String kind, Figures told) {
        double judged = BUDGETS.get(what) < 1_000 ? told.quantile(0.99) : told.median();
        String verdict = kind.equals("tombolo")
                ? "   budget %,.0f: %s".formatted(BUDGETS.get(what), Figures.verdict(judged, BUDGETS.get(what)))
                : "";
        System.out.printf(
                "%-16s %-8s %9.1f %9.1f %9.1f %9.1f%s%n",
                what, kind, told.median(), told.quantile(0.99), told.least(), told.most(), verdict);
    }
}
