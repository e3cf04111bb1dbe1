package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the votes of all nodes come to. A gateway is dead when more than half of those who ever heard it get no answer any
 * more; it is unheard where nobody did, and more than half have asked for long. One of whom nothing is known is left out.
 */
public final class HealthPlan {
    private HealthPlan() {}

    public static Map<NodeId, GatewayHealth> health(ClusterName cluster, Collection<GatewayVote> votes) {
        var heard = heard(votes);
        var health = new HashMap<NodeId, GatewayHealth>();
        votes.stream().collect(Collectors.groupingBy(GatewayVote::gateway)).forEach((gateway, about) -> {
            var counted = heard.getOrDefault(gateway, List.of());
            if (!isOneWordAgainstAnother(counted, heard)) {
                of(about, counted)
                        .ifPresent(known -> health.put(about.getFirst().gatewayOf(cluster), known));
            }
        });
        return health;
    }

    /** Gateways that a single node calls silent, and nobody else has ever heard. */
    static Set<NodeId> silentByOneWord(ClusterName cluster, Collection<GatewayVote> votes) {
        return heard(votes).values().stream()
                .filter(counted -> counted.size() == 1)
                .map(List::getFirst)
                .filter(vote -> vote.answer() == Answer.SILENT)
                .map(vote -> vote.gatewayOf(cluster))
                .collect(Collectors.toSet());
    }

    private static Map<String, List<GatewayVote>> heard(Collection<GatewayVote> votes) {
        return votes.stream()
                .filter(vote -> vote.answer().wasHeard())
                .collect(Collectors.groupingBy(GatewayVote::gateway));
    }

    private static Optional<GatewayHealth> of(List<GatewayVote> votes, List<GatewayVote> heard) {
        if (heard.isEmpty()) {
            return isMost(Answer.NEVER, votes) ? Optional.of(GatewayHealth.UNHEARD) : Optional.empty();
        }
        return Optional.of(isMost(Answer.SILENT, heard) ? GatewayHealth.DEAD : GatewayHealth.ALIVE);
    }

    private static boolean isMost(Answer answer, List<GatewayVote> votes) {
        return 2 * votes.stream().filter(vote -> vote.answer() == answer).count() > votes.size();
    }

    /** Of two who hear nothing of each other, and whom nobody else asks, either may be the one that is cut off. */
    private static boolean isOneWordAgainstAnother(List<GatewayVote> votes, Map<String, List<GatewayVote>> heard) {
        if (votes.size() != 1 || votes.getFirst().answer() != Answer.SILENT) {
            return false;
        }
        var only = votes.getFirst();
        return heard.getOrDefault(only.prober(), List.of())
                .equals(List.of(new GatewayVote(only.prober(), only.gateway(), Answer.SILENT)));
    }
}
