package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.EgressMessageCodec;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressMessage.Part;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Each peer's messages about egress, apart from what the mesh needs: a peer that says nothing about egress, as Cilium's, is
 * a peer like any other.
 */
public final class FollowedEgress extends FollowedPeers {
    /** A peer that never says anything must not keep our own policies waiting. */
    private static final Duration LONGEST_WAIT_FOR_CANARIES = Duration.ofSeconds(20);

    private final Table<EgressMessage.Key, EgressMessage> heard;
    private final Refusals refusals;

    /**
     * Follows nobody yet.
     *
     * @param wanted who is to be followed
     * @param heard where messages are written; complete once all that are wanted have been read
     */
    public FollowedEgress(
            StoreSource store,
            FollowPace pace,
            Table<ClusterName, Boolean> wanted,
            Table<EgressMessage.Key, EgressMessage> heard,
            Refusals refusals,
            Clock clock) {
        super(store, pace, wanted, LONGEST_WAIT_FOR_CANARIES, clock);
        this.heard = heard;
        this.refusals = refusals;
    }

    @Override
    Reading reading(ClusterName cluster) {
        var sinks = new ArrayList<TableSink<?, ?>>();
        var prefixes = new ArrayList<FollowedPrefix>();
        var canary = Optional.of(EgressMessageKeys.cacheCanary(cluster));
        for (Part part : Part.values()) {
            String prefix = EgressMessageKeys.cache(part, cluster);
            var sink = new TableSink<>(
                    heard,
                    (key, value) -> EgressMessageCodec.decode(part, prefix, key, value),
                    EgressMessage::key,
                    refusals);
            sinks.add(sink);
            prefixes.add(new FollowedPrefix(prefix, canary, sink));
        }
        return new Reading("egress of " + cluster, prefixes, sinks);
    }

    @Override
    void complete() {
        heard.markInitialized();
    }
}
