package dev.tombolo.model.egress;

import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Which pods leave for which destinations through which gateways.
 *
 * @param sources a pod is selected if one of them selects it
 * @param excluded holes in the destinations, of this policy only
 * @param gateways a pod is pinned to one entry; empty where none can be meant: then packets are dropped
 */
public record EgressPolicy(
        String name,
        Instant created,
        List<EgressSource> sources,
        List<Prefix> destinations,
        List<Prefix> excluded,
        List<EgressGateway> gateways,
        EgressPreferences preferences) {
    /** Who wins comes first: priority, then age, then name; never the order in which policies were read. */
    public static final Comparator<EgressPolicy> RANK = Comparator.comparingInt(
                    (EgressPolicy policy) -> -policy.preferences().priority())
            .thenComparing(EgressPolicy::created)
            .thenComparing(EgressPolicy::name);

    public EgressPolicy {
        sources = List.copyOf(sources);
        destinations = List.copyOf(destinations);
        excluded = List.copyOf(excluded);
        gateways = List.copyOf(gateways);
        if (sources.isEmpty() || destinations.isEmpty()) {
            throw new IllegalArgumentException("policy " + name + " lacks sources or destinations");
        }
    }

    /** The same with other gateways. */
    public EgressPolicy with(List<EgressGateway> others) {
        return new EgressPolicy(name, created, sources, destinations, excluded, others, preferences);
    }
}
