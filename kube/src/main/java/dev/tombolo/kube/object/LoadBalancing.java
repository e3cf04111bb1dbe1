package dev.tombolo.kube.object;

import java.time.Instant;
import java.util.Optional;

/**
 * What of a Service its addresses for clients outside rest on, beside what others of it is read for.
 *
 * @param wantsV4 whether it is to have an IPv4 address
 * @param localOnly whether only nodes with a backend of it serve clients outside
 * @param hasHostname whether somebody gave it a name in place of an address
 * @param condition what it says of its addresses; present wherever they are given out by pools
 */
public record LoadBalancing(
        Optional<Instant> created,
        long generation,
        Optional<String> loadBalancerClass,
        Optional<String> loadBalancerIp,
        boolean wantsV4,
        boolean wantsV6,
        boolean localOnly,
        boolean hasHostname,
        Optional<ObservedCondition> condition) {
    /** Of a Service that clients outside have no address for, and never had. */
    public static final LoadBalancing NONE = new LoadBalancing(
            Optional.empty(), 0, Optional.empty(), Optional.empty(), false, false, false, false, Optional.empty());

    /** The type of the condition, which is Cilium's. */
    public static final String CONDITION = "cilium.io/IPAMRequestSatisfied";

    LoadBalancing with(Optional<ObservedCondition> condition) {
        return new LoadBalancing(
                created,
                generation,
                loadBalancerClass,
                loadBalancerIp,
                wantsV4,
                wantsV6,
                localOnly,
                hasHostname,
                condition);
    }
}
