package dev.tombolo.benchmarks.bgp;

import dev.tombolo.bgp.speaker.ChannelState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What a router misses, looked at every 20 ms, while the agent or ExaBGP dies and comes back, with graceful restart. An agent is
 * away for a second, and then finds what ExaBGP holds.
 */
public final class Kills {
    private static final int ROUTES = 1_000;
    private static final Duration RESTART = Duration.ofSeconds(30);
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final Speakers speakers;
    private final int rounds;

    public Kills(Path repository, int rounds) {
        this.speakers = new Speakers(repository);
        this.rounds = rounds;
    }

    /** Ends something and brings it back. */
    @FunctionalInterface
    private interface Death {
        void of(TomboloAnnouncer announcer) throws IOException, InterruptedException;
    }

    public void run() {
        if (!Speakers.areHere()) {
            return;
        }
        System.out.printf(
                "%nBGP: %,d routes at BIRD, graceful restart of %d s, looked at every 20 ms, deaths of each kind: %d%n",
                ROUTES, RESTART.toSeconds(), rounds);
        try (var network = new Network(1);
                var routers = new Routers(network, 1);
                var announcer = new TomboloAnnouncer(network, speakers.natives(), 1, Optional.of(RESTART))) {
            Waiting.until("a session", () -> routers.established() == 1);
            announcer.announce(0, ROUTES);
            announcer.speaker().allRoutesPut();
            Waiting.until("routes", () -> routers.routes() == ROUTES && isTold(announcer));
            all("the agent goes and comes back", announcer, routers, Kills::agent);
            all("ExaBGP is killed (SIGKILL)", announcer, routers, killed -> {
                killed.killExabgp();
                killed.startExabgp();
            });
            all("ExaBGP is ended (SIGTERM)", announcer, routers, ended -> {
                ended.terminateExabgp();
                ended.startExabgp();
            });
            System.out.printf("%-34s %d%n", "errors", announcer.errors());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void agent(TomboloAnnouncer announcer) throws IOException {
        announcer.dropSpeaker();
        LockSupport.parkNanos(AWAY.toNanos());
        announcer.startSpeaker();
        Waiting.until("ExaBGP", () -> announcer.speaker().status().channel() == ChannelState.READY);
        announcer.announce(0, ROUTES);
        announcer.speaker().allRoutesPut();
    }

    private void all(String what, TomboloAnnouncer announcer, Routers routers, Death death) {
        var missing = new ArrayList<Double>();
        int looks = 0;
        for (int round = 0; round < rounds; round++) {
            var watch = new Watch(routers, ROUTES);
            try {
                death.of(announcer);
            } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
            // It is over when the router has heard that it has all: only then it would forget what was not said again.
            LockSupport.parkNanos(AWAY.toNanos());
            Waiting.until("all to be told", () -> routers.established() == 1 && isTold(announcer));
            LockSupport.parkNanos(AWAY.toNanos());
            missing.add(watch.missing());
            looks += watch.looks();
        }
        System.out.printf(
                "%-34s routes missing for %.0f ms at most, in %d of %d deaths (%,d looks)%n",
                what,
                missing.stream().mapToDouble(Double::doubleValue).max().orElse(0),
                missing.stream().filter(time -> time > 0).count(),
                rounds,
                looks);
    }

    private static boolean isTold(TomboloAnnouncer announcer) {
        var peer = announcer.speaker().status().peers().get(TomboloAnnouncer.id(0));
        return peer != null && peer.endOfRib() && peer.pending() == 0 && peer.told() == ROUTES;
    }

    /** Looks at a router all the time. */
    private static final class Watch {
        private static final Duration BETWEEN = Duration.ofMillis(20);

        private final List<Double> times = new ArrayList<>();
        private final Thread thread;
        private volatile boolean over;
        private int looks;

        private Watch(Routers routers, int expected) {
            thread = Thread.ofPlatform().name("watch routes").start(() -> watch(routers, expected));
        }

        private void watch(Routers routers, int expected) {
            long before = System.nanoTime();
            while (!over) {
                boolean all = routers.routes() == expected;
                long now = System.nanoTime();
                if (!all) {
                    times.add((now - before) / 1e6);
                }
                before = now;
                looks++;
                LockSupport.parkNanos(BETWEEN.toNanos());
            }
        }

        /** Milliseconds in which not all were there. */
        double missing() {
            over = true;
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            return times.stream().mapToDouble(Double::doubleValue).sum();
        }

        int looks() {
            return looks;
        }
    }
}
