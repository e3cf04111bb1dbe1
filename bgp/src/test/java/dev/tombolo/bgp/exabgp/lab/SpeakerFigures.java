package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How fast a router holds what is put, in one process that has warmed up, all on one machine. Not among the tests:
 * {@code ./mvnw -pl bgp -am test -Dtest=SpeakerFigures -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class SpeakerFigures {
    private static final int WARM = 2_000;
    private static final int CHANGES = 300;

    private Lab lab;
    private Bird bird;

    @BeforeEach
    void setUp() throws Exception {
        lab = new Lab();
        bird = lab.bird(1, "");
        lab.start(Lab.peer(1));
        lab.put(Lab.routes(1, WARM));
        lab.speaker().allRoutesPut();
        lab.awaitTold(1);
        awaitCount(WARM);
        lab.speaker().routes().removeAll(Lab.routes(1, WARM).keySet());
        awaitCount(0);
    }

    @AfterEach
    void tearDown() throws Exception {
        lab.close();
    }

    @Test
    void tenThousandRoutes() throws IOException {
        for (int round = 0; round < 3; round++) {
            assertThat(bulk(10_000)).isLessThan(Duration.ofSeconds(1));
            lab.speaker().routes().removeAll(Lab.routes(1, 10_000).keySet());
            awaitCount(0);
            await().atMost(Lab.LONG).until(() -> lab.status(1).pending() == 0);
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
    }

    @Test
    void aHundredThousandRoutes() throws IOException {
        assertThat(bulk(100_000)).isLessThan(Duration.ofSeconds(8));
    }

    /** ExaBGP sends a message for each, and is faster in hearing of them than in sending them. */
    @Test
    void tenThousandRoutesOfIpv6() throws IOException {
        var rows = new HashMap<RouteKey, PathAttributes>();
        var attributes = PathAttributes.to(IpAddress.parse("2001:db8:0:1::1"));
        for (int i = 0; i < 10_000; i++) {
            rows.put(new RouteKey(Lab.id(1), Prefix.parse("2001:db8:%x::/48".formatted(i + 16))), attributes);
        }
        long start = System.nanoTime();
        lab.put(rows);
        await().atMost(Lab.LONG).until(() -> lab.status(1).pending() == 0);
        System.out.printf("10000 IPv6 routes acknowledged after %d ms%n", (System.nanoTime() - start) / 1_000_000);
        await().atMost(Lab.LONG).pollInterval(Duration.ofMillis(10)).until(() -> bird.countV6() == 10_000);
        System.out.printf("10000 IPv6 routes in the router after %d ms%n", (System.nanoTime() - start) / 1_000_000);
    }

    @Test
    void singleChanges() throws IOException {
        lab.put(Lab.routes(1, 1_000));
        awaitCount(1_000);
        var key = new RouteKey(Lab.id(1), Lab.prefix(5_000));
        var attributes = PathAttributes.to(IpAddress.parse("192.0.2.1"));
        long[] announced = new long[CHANGES];
        long[] withdrawn = new long[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            announced[i] = time(() -> lab.put(Map.of(key, attributes)), 1_001);
            withdrawn[i] = time(() -> lab.speaker().routes().removeAll(Set.of(key)), 1_000);
            // What is said next of the same prefix would wait by design, which is not what is measured.
            LockSupport.parkNanos(Duration.ofMillis(120).toNanos());
        }
        report("announce to router", announced);
        report("withdraw to router", withdrawn);
        assertThat(percentile(announced, 99)).isLessThan(20_000_000);
        assertThat(percentile(withdrawn, 99)).isLessThan(20_000_000);
    }

    /** Withdrawals while a hundred thousand routes are on their way. */
    @Test
    void withdrawalsInABulk() throws IOException {
        lab.put(Lab.routes(1, 100));
        awaitCount(100);
        LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
        lab.put(Lab.routes(1, 60_000));
        long[] withdrawn = new long[40];
        for (int i = 0; i < withdrawn.length; i++) {
            int number = i;
            long start = System.nanoTime();
            lab.speaker().routes().removeAll(Set.of(new RouteKey(Lab.id(1), Lab.prefix(number))));
            String prefix = Lab.prefix(number).toString();
            await().atMost(Lab.LONG)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> !bird.route(prefix).contains("unicast"));
            withdrawn[i] = System.nanoTime() - start;
        }
        report("withdraw to router in a bulk", withdrawn);
    }

    private Duration bulk(int count) throws IOException {
        var rows = Lab.routes(1, count);
        long start = System.nanoTime();
        lab.put(rows);
        awaitCount(count, Duration.ofMillis(10));
        var took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf("%d routes in the router after %d ms%n", count, took.toMillis());
        return took;
    }

    private long time(Runnable change, int expected) throws IOException {
        long start = System.nanoTime();
        change.run();
        awaitCount(expected);
        return System.nanoTime() - start;
    }

    private void awaitCount(int expected) throws IOException {
        awaitCount(expected, Duration.ofNanos(500_000));
    }

    /** Each look costs the router time that it then does not have for routes. */
    private void awaitCount(int expected, Duration betweenLooks) throws IOException {
        long end = System.nanoTime() + Lab.LONG.toNanos();
        while (bird.count() != expected) {
            assertThat(System.nanoTime()).as("%s routes", bird.count()).isLessThan(end);
            LockSupport.parkNanos(betweenLooks.toNanos());
        }
    }

    static void report(String what, long[] nanos) {
        System.out.printf(
                "%s: p50 %.1f ms, p99 %.1f ms, max %.1f ms, n %d%n",
                what,
                percentile(nanos, 50) / 1e6,
                percentile(nanos, 99) / 1e6,
                percentile(nanos, 100) / 1e6,
                nanos.length);
    }

    static long percentile(long[] nanos, int percent) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
