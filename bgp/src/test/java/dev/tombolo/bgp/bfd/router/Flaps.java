package dev.tombolo.bgp.bfd.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.bfd.BfdClient;
import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionSettings.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * Silence and recovery again and again: each is one loss and one arrival for both ends, and nothing else happens. A
 * thousand, by {@code -Dbfd.flaps=1000}, take 20 minutes against BIRD and 11 against FRR.
 */
record Flaps(RouterLink link, int count) {
    private static final BfdPath PATH = BfdPath.direct(RouterLink.ROUTER, RouterLink.NODE);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    void run(BfdClient client, Router router) throws IOException {
        client.watch(Map.of(PATH, new SessionSettings(INTERVAL, INTERVAL, 3, Role.ACTIVE)));
        for (int i = 0; i < count; i++) {
            awaitUp(client, router, i);
            link.cutOff();
            int losses = i + 1;
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(30))
                    .until(() ->
                            !BfdProgram.isUp(client, PATH) && router.losses().size() >= losses);
            link.heal();
        }
        awaitUp(client, router, count);
        assertThat(router.losses().size()).isEqualTo(count);
    }

    private static void awaitUp(BfdClient client, Router router, int flaps) throws IOException {
        await("up after flap " + flaps)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(30))
                .until(() -> BfdProgram.isUp(client, PATH) && router.arrivals().size() >= flaps + 1);
        assertThat(router.arrivals().size()).as("arrivals after flap %d", flaps).isEqualTo(flaps + 1);
    }
}
