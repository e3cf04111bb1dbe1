package dev.tombolo.bgp.plan;

import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What all advertisements together ask to be told of one source, whoever is told.
 *
 * @param withheld what they select and no router is told
 */
public record RouteOffers(List<RouteCandidate> candidates, List<Withheld> withheld) {
    public static final RouteOffers NONE = new RouteOffers(List.of(), List.of());

    public RouteOffers {
        candidates = List.copyOf(candidates);
        withheld = List.copyOf(withheld);
    }

    public Set<Prefix> prefixes() {
        return candidates.stream().map(RouteCandidate::prefix).collect(Collectors.toSet());
    }
}
