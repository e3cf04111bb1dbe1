package dev.tombolo.benchmarks.bgp;

import dev.tombolo.agent.bgp.BgpScale;
import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.reconciler.loop.MemoryTarget;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** One of 10,000 services that changes, in a process that has warmed up: to what a speaker is given, and to routers. */
public final class ServiceChanges {
    private static final int SERVICES = 10_000;
    private static final int ROUTERS = 4;
    private static final int WARM = 1_000;
    private static final int CHANGES = 1_000;
    private static final int DEATHS = 50;
    private static final double CHANGE_BUDGET_MS = 5;
    private static final double DEATH_BUDGET_MS = 100;
    private static final Duration OFTEN = Duration.ofNanos(200_000);

    private final Speakers speakers;

    public ServiceChanges(Path repository) {
        speakers = new Speakers(repository);
    }

    public void run() {
        System.out.printf("%nBGP: %,d services, %d routers%n", SERVICES, ROUTERS);
        toSpeaker();
        if (Speakers.areHere()) {
            toRouters();
        }
    }

    private void toSpeaker() {
        var target = new Noting();
        try (var agent = new BgpScale(SERVICES, peers(), target)) {
            Waiting.until("all routes", () -> agent.routes() == SERVICES * ROUTERS);
            var took = new ArrayList<Double>();
            for (int i = 0; i < WARM + CHANGES; i++) {
                boolean alive = i % 2 == 1;
                int service = i / 2;
                int before = target.changes;
                long start = System.nanoTime();
                agent.backend(service, alive);
                Waiting.until("a change", Duration.ofNanos(50_000), () -> target.changes >= before + ROUTERS);
                if (i >= WARM) {
                    took.add((target.last - start) / 1e6);
                }
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            line("an endpoint -> the speaker was given its routes", took, CHANGE_BUDGET_MS);
        }
    }

    private void toRouters() {
        try (var network = new Network(ROUTERS);
                var routers = new Routers(network, ROUTERS);
                var announcer = new TomboloAnnouncer(network, speakers.natives(), ROUTERS, Optional.empty())) {
            Waiting.until("sessions", () -> routers.established() == ROUTERS);
            Waiting.until("what ExaBGP holds", () -> isRead(announcer));
            long start = System.nanoTime();
            try (var agent = new BgpScale(SERVICES, peers(), announcer.speaker().routes())) {
                Waiting.until("all routes", () -> routers.routes() == SERVICES * ROUTERS);
                System.out.printf(
                        "%-58s %8.0f ms%n",
                        "all services -> all routes at all routers", (System.nanoTime() - start) / 1e6);
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
                deaths(agent, announcer, routers);
            }
            System.out.printf("%-58s %8d%n", "errors", announcer.errors());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isRead(TomboloAnnouncer announcer) {
        try {
            announcer.speaker().routes().observe();
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void deaths(BgpScale agent, TomboloAnnouncer announcer, Routers routers) {
        var acknowledged = new ArrayList<Double>();
        var gone = new ArrayList<Double>();
        for (int i = 0; i < DEATHS; i++) {
            int service = i;
            long start = System.nanoTime();
            agent.backend(service, false);
            Waiting.until(
                    "the answer to a withdrawal",
                    OFTEN,
                    () -> announcer.speaker().status().peers().values().stream()
                            .allMatch(ServiceChanges::hasWithdrawn));
            acknowledged.add((System.nanoTime() - start) / 1e6);
            Waiting.until("a route that has gone", OFTEN, () -> routers.routes() == (SERVICES - 1) * ROUTERS);
            gone.add((System.nanoTime() - start) / 1e6);
            agent.backend(service, true);
            Waiting.until("a route that is back", () -> routers.routes() == SERVICES * ROUTERS);
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        line("the last backend's death -> its withdrawal was answered", acknowledged, DEATH_BUDGET_MS);
        line("the same -> no router has the route", gone, DEATH_BUDGET_MS);
    }

    private static boolean hasWithdrawn(PeerStatus peer) {
        return peer.wanted() == SERVICES - 1 && peer.pending() == 0;
    }

    private static List<BgpPeer> peers() {
        return IntStream.range(0, ROUTERS)
                .mapToObj(i -> TomboloAnnouncer.peer(i, Optional.empty()))
                .toList();
    }

    private static void line(String what, List<Double> took, double budget) {
        var figures = Figures.of(took);
        double worst = figures.quantile(0.99);
        System.out.printf(
                "%-58s %8.2f ms  p99 %.2f, most %.2f, n %d   budget %,.0f: %s%n",
                what, figures.median(), worst, figures.most(), figures.count(), budget, Figures.verdict(worst, budget));
    }

    /** In memory; notes when it was changed last. */
    private static final class Noting implements Target<RouteKey, PathAttributes> {
        private final MemoryTarget<RouteKey, PathAttributes> rows = new MemoryTarget<>();
        private volatile int changes;
        private volatile long last;

        @Override
        public Map<RouteKey, PathAttributes> observe() throws IOException {
            return rows.observe();
        }

        @Override
        public void put(RouteKey key, PathAttributes attributes) {
            rows.put(key, attributes);
        }

        @Override
        public void remove(RouteKey key) {
            rows.remove(key);
        }

        @Override
        public Map<RouteKey, IOException> change(Set<RouteKey> gone, Map<RouteKey, PathAttributes> puts) {
            var failures = Target.super.change(gone, puts);
            last = System.nanoTime();
            changes += gone.size() + puts.size();
            return failures;
        }
    }
}
