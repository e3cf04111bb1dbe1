package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.node.NodeId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the votes come to, where a single word against a gateway counts only when it has stood for a while: who is accused
 * may be about to say the same of its accuser. Both notice within one round of each other, and have to write it. Without
 * clock or thread; confined to one thread.
 */
public final class StandingHealth {
    public static final Duration SINGLE_WORD = Duration.ofMillis(200);

    private final ClusterName cluster;
    private final Map<NodeId, Long> sinceNanos = new HashMap<>();

    public StandingHealth(ClusterName cluster) {
        this.cluster = cluster;
    }

    public Map<NodeId, GatewayHealth> health(Collection<GatewayVote> votes, long nowNanos) {
        var health = HealthPlan.health(cluster, votes);
        var single = HealthPlan.silentByOneWord(cluster, votes);
        sinceNanos.keySet().retainAll(single);
        single.forEach(gateway -> sinceNanos.putIfAbsent(gateway, nowNanos));
        sinceNanos.forEach((gateway, since) -> health.computeIfPresent(
                gateway, (_, known) -> isYoung(since, nowNanos) ? GatewayHealth.ACCUSED : known));
        return health;
    }

    /** When the same votes come to something else; empty where they never do. */
    public Optional<Duration> due(long nowNanos) {
        return sinceNanos.values().stream()
                .filter(since -> isYoung(since, nowNanos))
                .map(since -> SINGLE_WORD.minusNanos(nowNanos - since))
                .min(Duration::compareTo);
    }

    private static boolean isYoung(long since, long nowNanos) {
        return nowNanos - since < SINGLE_WORD.toNanos();
    }
}
