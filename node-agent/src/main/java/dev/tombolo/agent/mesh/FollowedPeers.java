package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.follow.StoreFollower;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One follower of a part of the local etcd for each peer that is wanted: those wanted are what is desired, the followers are
 * what there is. What was heard of a peer leaves the tables when, and only when, it is not wanted any more.
 */
abstract class FollowedPeers implements Target<ClusterName, Boolean>, AutoCloseable {
    /** What is read of a peer, and where it goes. */
    record Reading(String name, List<FollowedPrefix> prefixes, List<TableSink<?, ?>> sinks) {}

    private record Followed(StoreFollower follower, List<TableSink<?, ?>> sinks, Instant since) {}

    private final StoreSource store;
    private final FollowPace pace;
    private final Table<ClusterName, Boolean> wanted;
    private final Duration longestWaitForCanaries;
    private final Clock clock;
    private final Map<ClusterName, Followed> followed = new TreeMap<>();
    private final Map<ClusterName, SourceState> states = new ConcurrentHashMap<>();

    /**
     * Follows nobody yet.
     *
     * @param wanted who is to be followed
     * @param longestWaitForCanaries for a peer whose part was never written: it must not keep the others waiting
     */
    FollowedPeers(
            StoreSource store,
            FollowPace pace,
            Table<ClusterName, Boolean> wanted,
            Duration longestWaitForCanaries,
            Clock clock) {
        this.store = store;
        this.pace = pace;
        this.wanted = wanted;
        this.longestWaitForCanaries = longestWaitForCanaries;
        this.clock = clock;
    }

    abstract Reading reading(ClusterName cluster);

    /** Every peer that is wanted has been read, or has nothing to be read. */
    abstract void complete();

    @Override
    public final synchronized Map<ClusterName, Boolean> observe() {
        var there = new HashMap<ClusterName, Boolean>();
        followed.keySet().forEach(cluster -> there.put(cluster, true));
        settle();
        return there;
    }

    @Override
    public final synchronized void put(ClusterName cluster, Boolean yes) {
        if (followed.containsKey(cluster)) {
            return;
        }
        var reading = reading(cluster);
        var follower = new StoreFollower(reading.name(), store, reading.prefixes(), pace, clock, state -> {
            states.put(cluster, state);
            settle();
        });
        followed.put(cluster, new Followed(follower, reading.sinks(), clock.instant()));
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

    /** How each follower gets on with the local etcd. */
    final Map<ClusterName, SourceState> followerStates() {
        return new TreeMap<>(states);
    }

    /** Lets the tables count as complete once they are. */
    public final void settle() {
        var asked = wanted.snapshot();
        if (asked.initialized() && asked.stream().allMatch(row -> isSettled(row.getKey()))) {
            complete();
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
                        && clock.instant().isAfter(since.get().plus(longestWaitForCanaries));
        };
    }

    @Override
    public final void close() {
        List<Followed> all;
        synchronized (this) {
            all = List.copyOf(followed.values());
        }
        all.forEach(one -> one.follower().close());
    }
}
