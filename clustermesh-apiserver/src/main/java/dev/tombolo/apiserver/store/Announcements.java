package dev.tombolo.apiserver.store;

import dev.tombolo.kvstore.protocol.ClusterConfigCodec;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.store.KvStore;
import dev.tombolo.kvstore.store.Value;
import dev.tombolo.model.cluster.ClusterConfig;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The few keys that stand for whole clusters: cluster-config, canaries and what is known of peers. Their prefixes hold
 * those of every cluster beside each other, so one owner keeps them all.
 */
public final class Announcements implements AutoCloseable {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final Clock clock;
    private final LeasedPrefix configs;
    private final LeasedPrefix canaries;
    private final LeasedPrefix peerStates;

    public Announcements(KvStore store, Duration lease, Clock clock) {
        this.clock = clock;
        configs = LeasedPrefix.start(store, MeshKeys.CLUSTER_CONFIG, lease, new Table<>("cluster configs"), clock);
        canaries = LeasedPrefix.start(store, MeshKeys.SYNCED, lease, new Table<>("canaries"), clock);
        peerStates = LeasedPrefix.start(store, MeshKeys.PEER_STATE, lease, new Table<>("peer states"), clock);
        peerStates.rows().markInitialized();
    }

    /** Before this, what an earlier process left of peers stays. Called once what is to stay is known. */
    public void complete() {
        configs.rows().markInitialized();
        canaries.rows().markInitialized();
    }

    public void config(ClusterName cluster, ClusterConfig config) {
        configs.rows().put(MeshKeys.clusterConfig(cluster), ClusterConfigCodec.encode(config));
    }

    /** Takes a cluster's config away, and returns when the store no longer has it, or after ten seconds. */
    public void withdrawConfig(ClusterName cluster) throws InterruptedException {
        String key = MeshKeys.clusterConfig(cluster);
        configs.rows().remove(key);
        awaitAbsent(configs, key);
    }

    /** Sets canaries that are not there yet; their time is that of the first. */
    public void canaries(Set<String> keys) {
        var now = Value.of(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        var present = canaries.rows().snapshot();
        Map<String, Value> missing = new HashMap<>();
        keys.stream().filter(key -> present.get(key).isEmpty()).forEach(key -> missing.put(key, now));
        canaries.rows().apply(missing, Set.of());
    }

    /** Takes all canaries of a cluster away. */
    public void withdrawCanaries(ClusterName cluster) {
        var gone = new HashSet<String>();
        String prefix = MeshKeys.SYNCED + cluster + "/";
        canaries.rows().snapshot().forEach(row -> {
            if (row.getKey().startsWith(prefix)) {
                gone.add(row.getKey());
            }
        });
        canaries.rows().apply(Map.of(), gone);
    }

    /** Tells the agents how current what they read of a peer is; only this process sees the peer's heartbeat. */
    public void peerState(ClusterName peer, String state, Instant since) {
        String json = "{\"state\":\"" + state + "\",\"since\":\"" + since.truncatedTo(ChronoUnit.MILLIS) + "\"}";
        peerStates.rows().put(MeshKeys.peerState(peer), Value.of(json));
    }

    public void withdrawPeerState(ClusterName peer) {
        peerStates.rows().remove(MeshKeys.peerState(peer));
    }

    @Override
    public void close() {
        configs.close();
        canaries.close();
        peerStates.close();
    }

    private static void awaitAbsent(LeasedPrefix prefix, String key) throws InterruptedException {
        long end = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (System.nanoTime() < end) {
            var applied = prefix.applied().snapshot();
            if (applied.get(key).isEmpty()) {
                return;
            }
            prefix.applied().awaitChange(applied.revision(), Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }
}
