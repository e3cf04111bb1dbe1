package dev.tombolo.model.egress;

import dev.tombolo.model.cluster.ClusterName;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a policy asks beyond the fields of Cilium's.
 *
 * @param priority the higher one wins where two policies name the same destination
 * @param maxGateways how many gateways are used at once; absent as Cilium does it, the first by name
 * @param failover whether another gateway takes over from one that is dead
 * @param sameZone whether gateways in the zone of the pod's node come before all others
 * @param cluster whose nodes are the gateways; absent for the policy's own
 * @param rateLimit bits that its pods may send in a second, by all of its gateways together; absent for any number
 */
public record EgressPreferences(
        int priority,
        OptionalInt maxGateways,
        boolean failover,
        boolean sameZone,
        Optional<ClusterName> cluster,
        OptionalLong rateLimit) {
    public static final int MOST_GATEWAYS = 64;
    public static final long LOWEST_RATE = 8_000;
    public static final long HIGHEST_RATE = 1_000_000_000_000L;
    public static final EgressPreferences DEFAULT =
            new EgressPreferences(0, OptionalInt.empty(), true, false, Optional.empty(), OptionalLong.empty());
}
