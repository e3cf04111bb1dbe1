package dev.tombolo.agent.egress.failover;

import dev.tombolo.agent.egress.watch.Watch;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.StandingHealth;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.GatewayVote;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.time.Duration;
import java.util.Optional;

/** Keeps what the votes come to, which may change while they do not. */
final class HealthLoop implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Table<String, GatewayVote> votes;
    private final Table<NodeId, GatewayHealth> health;
    private final StandingHealth standing;
    private final Watch watch;

    private HealthLoop(ClusterName cluster, Table<String, GatewayVote> votes, Table<NodeId, GatewayHealth> health) {
        this.votes = votes;
        this.health = health;
        standing = new StandingHealth(cluster);
        watch = Watch.startOnTime("egress gateway health", "nothing is made of what nodes say of gateways", this::look);
    }

    static HealthLoop start(
            ClusterName cluster, Table<String, GatewayVote> votes, Table<NodeId, GatewayHealth> health) {
        return new HealthLoop(cluster, votes, health);
    }

    private void look() throws InterruptedException {
        var snapshot = votes.snapshot();
        health.replaceAll(standing.health(snapshot.values().toList(), System.nanoTime()));
        if (snapshot.initialized()) {
            health.markInitialized();
        }
        votes.awaitChange(snapshot.revision(), standing.due(System.nanoTime()).orElse(LONGEST_WAIT));
    }

    /** Why nothing is made of them, if so. */
    Optional<String> failure() {
        return watch.failure();
    }

    @Override
    public void close() {
        watch.close();
    }
}
