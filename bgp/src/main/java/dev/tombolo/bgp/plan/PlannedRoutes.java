package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.BgpRoute;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

    /**
     * Put together of its parts.
     *
     * @param advertisements that the offers were made for; what nobody would be told anyway is not withheld
     */
    public static PlannedRoutes of(
            Audience audience,
            Collection<BgpAdvertisement> advertisements,
            Collection<RouteOffers> offers,
            Map<RouteKey, RouteDecision> decisions) {
        SortedMap<PeerId, SortedMap<Prefix, PlannedRoute>> byPeer = new TreeMap<>();
        audience.listeners().keySet().forEach(peer -> byPeer.put(peer, new TreeMap<>()));
        var heard = advertisements.stream()
                .filter(audience::hears)
                .map(BgpAdvertisement::name)
                .collect(Collectors.toSet());
        var withheld = new ArrayList<Withheld>();
        offers.forEach(offer -> offer.withheld().stream()
                .filter(each -> heard.contains(each.advertisement()))
                .forEach(withheld::add));
        decisions.forEach((key, decision) -> {
            switch (decision) {
                case RouteDecision.Told(var route) ->
                    byPeer.computeIfAbsent(key.peer(), _ -> new TreeMap<>()).put(key.prefix(), route);
                case RouteDecision.Refused(var each) -> withheld.addAll(each);
            }
        });
        return new PlannedRoutes(byPeer, withheld, audience.again());
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
