package dev.tombolo.agent.egress.failover;

import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the votes of all nodes come to. A gateway is dead when more than half of those who ask it get no answer; one of
 * whom nobody knows anything is left out.
 */
public final class HealthPlan {
    private HealthPlan() {}

    public static Map<NodeId, GatewayHealth> health(ClusterName cluster, Collection<GatewayVote> votes) {
        var byGateway = votes.stream().collect(Collectors.groupingBy(GatewayVote::gateway));
        var health = new HashMap<NodeId, GatewayHealth>();
        byGateway.forEach((gateway, about) -> {
            if (!isOneWordAgainstAnother(about, byGateway)) {
                of(about).ifPresent(known -> health.put(new NodeId(cluster, gateway), known));
            }
        });
        return health;
    }

    private static Optional<GatewayHealth> of(List<GatewayVote> votes) {
        long silent = votes.stream().filter(vote -> !vote.answers()).count();
        if (2 * silent > votes.size()) {
            return Optional.of(GatewayHealth.DEAD);
        }
        return silent < votes.size() ? Optional.of(GatewayHealth.ALIVE) : Optional.empty();
    }

    /** Of two who hear nothing of each other, and whom nobody else asks, either may be the one that is cut off. */
    private static boolean isOneWordAgainstAnother(List<GatewayVote> votes, Map<String, List<GatewayVote>> byGateway) {
        if (votes.size() != 1 || votes.getFirst().answers()) {
            return false;
        }
        var only = votes.getFirst();
        return byGateway
                .getOrDefault(only.prober(), List.of())
                .equals(List.of(new GatewayVote(only.prober(), only.gateway(), false)));
    }
}
