package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.reconciler.derive.Derivation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is kept planned is what would be planned from nothing, whatever changes. */
class BgpRouteDerivationsTest {
    private static final int CHANGES = 15;

    @Property(tries = 50)
    void whatChangesIsPlannedAsIfAllWere(@ForAll long seed) {
        var town = new Town(new Random(seed));
        var derivations = new BgpRouteDerivations(town.mesh, town.tables, Town.OWN, town.clock).start();
        try {
            awaitEqual(town);
            await().pollInterval(Duration.ofMillis(1)).until(town.tables.routes::initialized);
            for (int i = 0; i < CHANGES; i++) {
                var before = town.tables.routes.snapshot();
                town.change();
                awaitEqual(town);
                var touched = town.tables.routes.changesSince(before.revision()).keys();
                var after = town.tables.routes.snapshot();
                assertThat(touched)
                        .as("what stays is not told anew; what nobody is told may have been for a moment")
                        .filteredOn(key -> after.get(key).isPresent())
                        .allMatch(key -> !before.get(key).equals(after.get(key)));
            }
        } finally {
            derivations.forEach(Derivation::close);
        }
    }

    private static void awaitEqual(Town town) {
        var whole = town.whole();
        await().atMost(Duration.ofSeconds(5))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .untilAsserted(() -> {
                    assertThat(town.tables.planned()).isEqualTo(Optional.of(whole));
                    assertThat(town.tables.routes.snapshot().toMap()).isEqualTo(routes(whole));
                });
    }

    private static Map<RouteKey, PathAttributes> routes(PlannedRoutes planned) {
        var routes = new TreeMap<RouteKey, PathAttributes>();
        planned.routes()
                .forEach((peer, told) ->
                        told.forEach((prefix, route) -> routes.put(new RouteKey(peer, prefix), route.attributes())));
        return routes;
    }
}
