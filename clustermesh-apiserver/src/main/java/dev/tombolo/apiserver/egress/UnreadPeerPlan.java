package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.report.PolicyCondition.Truth;
import dev.tombolo.egress.report.PolicyCondition.Type;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.cluster.ClusterName;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Policies whose gateways are a peer's that has not been read yet, as after a start of this process. Nothing is known of
 * their gateways then, which is not the same as that there are none: nodes go on with those that they know.
 */
final class UnreadPeerPlan {
    private UnreadPeerPlan() {}

    /**
     * The peer that has to be read before anything can be said.
     *
     * @param declared the peers that there are
     */
    static Optional<ClusterName> awaited(EgressPolicyObject policy, Set<String> declared, Set<ClusterName> read) {
        return policy.reading()
                .policy()
                .flatMap(known -> known.preferences().cluster())
                .filter(peer -> declared.contains(peer.value()) && !read.contains(peer));
    }

    /** What was said before, without saying that it still is so. */
    static EgressPolicyObject.Status status(ClusterName peer, EgressPolicyObject.Status before, Instant now) {
        var unknown = PolicyStatusPlan.condition(
                Type.Programmed.name(),
                Truth.Unknown,
                "PeerNotRead",
                "cluster " + peer + " has not been read since the mesh server started; nodes go on with the gateways"
                        + " that they know",
                before.conditions(),
                now);
        return new EgressPolicyObject.Status(
                before.observedGeneration(),
                before.selectedPods(),
                before.gatewayNames(),
                before.egressIPs(),
                before.gateways(),
                Stream.concat(
                                Stream.of(unknown),
                                before.conditions().stream()
                                        .filter(condition -> !condition.type().equals(unknown.type())))
                        .toList());
    }
}
