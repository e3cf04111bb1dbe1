package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpRoute;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What each router is told.
 *
 * @param byPeer every peer that is planned, also one that is told nothing
 * @param withheld what was selected and is not told, in order
 * @param again when the plan has to be made anew although nothing has changed; empty for never
 */
public record PlannedRoutes(
        SortedMap<PeerId, SortedMap<Prefix, PlannedRoute>> byPeer, List<Withheld> withheld, Optional<Instant> again) {
    public PlannedRoutes {
        byPeer = Collections.unmodifiableSortedMap(new TreeMap<>(byPeer));
        withheld = withheld.stream().sorted().distinct().toList();
    }

    /** As a speaker takes them. */
    public SortedMap<PeerId, SortedMap<Prefix, BgpRoute>> routes() {
        SortedMap<PeerId, SortedMap<Prefix, BgpRoute>> routes = new TreeMap<>();
        byPeer.forEach((peer, planned) -> {
            SortedMap<Prefix, BgpRoute> told = new TreeMap<>();
            planned.forEach((prefix, route) -> told.put(prefix, route.route()));
            routes.put(peer, told);
        });
        return routes;
    }
}
