package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.follow.StoreFollower;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.EgressMessageCodec;
import dev.tombolo.kvstore.protocol.EgressMessageKeys;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressMessage;
import dev.tombolo.model.egress.EgressMessage.Part;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One follower of the local etcd's copy of each peer's messages about egress, apart from what the mesh needs: a peer that
 * says nothing about egress, as Cilium's, is a peer like any other.
 */
public final class FollowedEgress implements Target<ClusterName, Boolean>, AutoCloseable {
    /** A peer that never says anything must not keep our own policies waiting. */
    private static final Duration LONGEST_WAIT_FOR_CANARIES = Duration.ofSeconds(20);

    private record Followed(StoreFollower follower, List<TableSink<?, ?>> sinks, Instant since) {}

    private final StoreSource store;
    private final FollowPace pace;
    private final Table<ClusterName, Boolean> wanted;
    private final Table<EgressMessage.Key, EgressMessage> heard;
    private final Refusals refusals;
    private final Clock clock;
    private final Map<ClusterName, Followed> followed = new TreeMap<>();
    private final Map<ClusterName, SourceState> states = new ConcurrentHashMap<>();

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
        this.store = store;
        this.pace = pace;
        this.wanted = wanted;
        this.heard = heard;
        this.refusals = refusals;
        this.clock = clock;
    }

    @Override
    public synchronized Map<ClusterName, Boolean> observe() {
        var there = new HashMap<ClusterName, Boolean>();
        followed.keySet().forEach(cluster -> there.put(cluster, true));
        settle();
        return there;
    }

    @Override
    public synchronized void put(ClusterName cluster, Boolean yes) {
        if (followed.containsKey(cluster)) {
            return;
        }
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
        var follower = new StoreFollower("egress of " + cluster, store, prefixes, pace, clock, state -> {
            states.put(cluster, state);
            settle();
        });
        followed.put(cluster, new Followed(follower, sinks, clock.instant()));
        follower.start();
    }

    @Override
    public void remove(ClusterName cluster) {
        Followed gone;
        synchronized (this) {
            gone = followed.remove(cluster);
        }
        if (gone != null) {
            gone.follower().close();
            gone.sinks().forEach(TableSink::forget);
            states.remove(cluster);
        }
        settle();
    }

    private void settle() {
        var asked = wanted.snapshot();
        if (asked.initialized() && asked.stream().allMatch(row -> isSettled(row.getKey()))) {
            heard.markInitialized();
        }
    }

    private synchronized boolean isSettled(ClusterName cluster) {
        var since = Optional.ofNullable(followed.get(cluster)).map(Followed::since);
        return switch (states.get(cluster)) {
            case null -> false;
            case SourceState.Fresh _, SourceState.Stale _ -> true;
            // While the etcd itself cannot be read nothing is concluded: its data may be whole.
            case SourceState.Connecting(String what) ->
                what.contains("canaries")
                        && since.isPresent()
                        && clock.instant().isAfter(since.get().plus(LONGEST_WAIT_FOR_CANARIES));
        };
    }

    @Override
    public void close() {
        List<Followed> all;
        synchronized (this) {
            all = List.copyOf(followed.values());
        }
        all.forEach(one -> one.follower().close());
    }
}
