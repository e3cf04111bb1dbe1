package dev.tombolo.agent.egress.failover;

import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.HealthPlan;
import dev.tombolo.egress.plan.StandingHealth;
import dev.tombolo.kvstore.protocol.EgressKeys;
import dev.tombolo.kvstore.protocol.GatewayVoteCodec;
import dev.tombolo.kvstore.store.Condition;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.node.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The votes as etcd has them, and which of them have to stand where somebody is deposed by them. */
record StandingVotes(Map<String, Value> values, List<GatewayVote> votes) {
    /** A transaction of etcd has room for 128 conditions; where there are more votes, so many have to stand. */
    private static final int MOST_VOTES = 100;

    static StandingVotes of(Map<String, Value> values) {
        var votes = values.entrySet().stream()
                .flatMap(entry -> GatewayVoteCodec.decode(entry.getKey(), entry.getValue()).value().stream())
                .toList();
        return new StandingVotes(values, votes);
    }

    /**
     * The votes by which a node is what it is said to be; empty where they come to something else, or are too young.
     *
     * @param standing since when they have come to that, as far as this node knows
     */
    Optional<List<Condition>> against(NodeId owner, GatewayHealth ground, Duration standing) {
        var health = HealthPlan.health(owner.cluster(), votes).get(owner);
        if (health != ground) {
            return Optional.empty();
        }
        var counted = ground == GatewayHealth.UNHEARD ? Answer.NEVER : Answer.SILENT;
        var against = about(owner).filter(vote -> vote.answer() == counted).toList();
        if (about(owner).filter(vote -> vote.answer().wasHeard()).count() != 1) {
            return Optional.of(against.stream()
                    .limit(MOST_VOTES)
                    .map(GatewayVoteCodec::key)
                    .map(this::unchanged)
                    .toList());
        }
        var accuser = against.getFirst();
        return standing.compareTo(StandingHealth.SINGLE_WORD) < 0
                ? Optional.empty()
                : Optional.of(List.of(
                        unchanged(GatewayVoteCodec.key(accuser)),
                        unchanged(EgressKeys.vote(accuser.prober(), owner.name()))));
    }

    private Stream<GatewayVote> about(NodeId gateway) {
        return votes.stream().filter(vote -> vote.gateway().equals(gateway.name()));
    }

    private Condition unchanged(String key) {
        var value = values.get(key);
        return value == null ? new Condition.Absent(key) : new Condition.Has(key, value);
    }
}
