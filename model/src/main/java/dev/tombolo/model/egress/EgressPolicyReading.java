package dev.tombolo.model.egress;

import dev.tombolo.model.Invalid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of reading a policy. One that cannot be meant is refused as a whole, because half of it would let pods leave
 * under an address that nobody asked for.
 *
 * @param refused why there is no policy; empty where there is one
 * @param ignored what has no effect in a policy that is in force
 */
public record EgressPolicyReading(
        String name, Optional<EgressPolicy> policy, List<Invalid> refused, List<Invalid> ignored) {
    public EgressPolicyReading {
        refused = List.copyOf(refused);
        ignored = List.copyOf(ignored);
    }

    public static EgressPolicyReading of(
            String name, Instant created, EgressPolicySpec spec, Map<String, String> annotations) {
        var refused = new ArrayList<Invalid>();
        var ignored = new ArrayList<Invalid>();
        var fields = new EgressFields("CiliumEgressGatewayPolicy " + name, refused, ignored);
        var sources = fields.sources(spec.selectors());
        var destinations = fields.destinations(spec.destinationCIDRs());
        var excluded = fields.excluded(spec.excludedCIDRs(), destinations);
        var gateways = fields.gateways(spec, destinations);
        var preferences =
                new EgressAnnotations("CiliumEgressGatewayPolicy " + name, annotations, ignored).preferences(gateways);
        Optional<EgressPolicy> policy = refused.isEmpty()
                ? Optional.of(new EgressPolicy(name, created, sources, destinations, excluded, gateways, preferences))
                : Optional.empty();
        return new EgressPolicyReading(name, policy, refused, ignored);
    }
}
