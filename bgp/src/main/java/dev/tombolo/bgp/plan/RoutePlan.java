package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * From what there is, where it is and how it is to what each router is told: everything from nothing. An agent asks {@link
 * OfferPlan}, {@link Audience} and {@link RouteDecision} for what has changed, and comes to the same.
 */
public final class RoutePlan {
    private RoutePlan() {}

    public static PlannedRoutes plan(RouteInput input) {
        var audience = Audience.of(input.peers(), input.drain());
        var offers = offers(input);
        return PlannedRoutes.of(audience, input.advertisements(), offers, decisions(audience, offers));
    }

    private static List<RouteOffers> offers(RouteInput input) {
        var offers = new ArrayList<RouteOffers>();
        offers.add(OfferPlan.node(input.advertisements(), input.mesh(), input.node(), input.egress()));
        input.services()
                .forEach(service -> offers.add(OfferPlan.service(input.advertisements(), input.mesh(), service)));
        return offers;
    }

    private static Map<RouteKey, RouteDecision> decisions(Audience audience, List<RouteOffers> offers) {
        Map<Prefix, List<RouteCandidate>> byPrefix = offers.stream()
                .flatMap(offer -> offer.candidates().stream())
                .collect(Collectors.groupingBy(RouteCandidate::prefix));
        var decisions = new TreeMap<RouteKey, RouteDecision>();
        audience.listeners()
                .forEach((peer, listener) ->
                        byPrefix.forEach((prefix, candidates) -> RouteDecision.of(listener, candidates)
                                .ifPresent(decision -> decisions.put(new RouteKey(peer, prefix), decision))));
        return decisions;
    }
}
