package dev.tombolo.model.egress;

import dev.tombolo.model.Invalid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of reading a policy. One that cannot be meant has no effect half way: where only its gateways are wrong it is
 * in force without any, so that the pods it names do not leave under an address that nobody asked for; where it is not
 * clear whom it names, there is no policy.
 *
 * @param refused what is wrong; empty for a policy that is in force as it was written
 * @param ignored what has no effect in a policy all the same
 */
public record EgressPolicyReading(
        String name, Optional<EgressPolicy> policy, List<Invalid> refused, List<Invalid> ignored) {
    public EgressPolicyReading {
        refused = List.copyOf(refused);
        ignored = List.copyOf(ignored);
    }

    public static EgressPolicyReading of(
            String name, Instant created, EgressPolicySpec spec, Map<String, String> annotations) {
        String where = "CiliumEgressGatewayPolicy " + name;
        var refused = new ArrayList<Invalid>();
        var ignored = new ArrayList<Invalid>();
        var fields = new EgressFields(where, refused, ignored);
        var sources = fields.sources(spec.selectors());
        var destinations = fields.destinations(spec.destinationCIDRs());
        var excluded = fields.excluded(spec.excludedCIDRs(), destinations);
        boolean named = refused.isEmpty();
        var asked = new EgressAnnotations(where, annotations, ignored);
        var meant = fields.pooled(fields.gateways(spec, destinations), asked.pool(), destinations);
        var gateways = refused.isEmpty() ? meant : List.<EgressGateway>of();
        var preferences = asked.preferences(gateways);
        Optional<EgressPolicy> policy = named
                ? Optional.of(new EgressPolicy(name, created, sources, destinations, excluded, gateways, preferences))
                : Optional.empty();
        return new EgressPolicyReading(name, policy, refused, ignored);
    }
}
