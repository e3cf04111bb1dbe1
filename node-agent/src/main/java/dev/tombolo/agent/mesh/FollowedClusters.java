package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.follow.StoreFollower;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.EndpointCodec;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.protocol.NodeCodec;
import dev.tombolo.kvstore.protocol.ServiceCodec;
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
 * One follower of the local etcd's copy for each declared peer: the declarations are what is desired, the followers are
 * what there is. What was heard of a peer leaves the tables when, and only when, its declaration goes.
 */
public final class FollowedClusters implements Target<ClusterName, Boolean>, AutoCloseable {
    /** A peer whose copy was never made must not keep the others waiting (Cilium's clustermesh-sync-timeout). */
    private static final Duration LONGEST_WAIT_FOR_CANARIES = Duration.ofMinutes(1);

    private record Followed(
            StoreFollower follower, List<TableSink<?, ?>> sinks, AnnouncementSink announced, Instant since) {}

    private final StoreSource store;
    private final HeardTables heard;
    private final Table<ClusterName, Boolean> declared;
    private final FollowPace pace;
    private final Clock clock;
    private final Refusals refusals;
    private final Map<ClusterName, Followed> followed = new TreeMap<>();
    private final Map<ClusterName, SourceState> states = new ConcurrentHashMap<>();

    public FollowedClusters(
            StoreSource store,
            HeardTables heard,
            Table<ClusterName, Boolean> declared,
            FollowPace pace,
            Clock clock,
            Refusals refusals) {
        this.store = store;
        this.heard = heard;
        this.declared = declared;
        this.pace = pace;
        this.clock = clock;
        this.refusals = refusals;
    }

    @Override
    public synchronized Map<ClusterName, Boolean> observe() {
        var there = new HashMap<ClusterName, Boolean>();
        followed.keySet().forEach(cluster -> there.put(cluster, true));
        settle();
        return there;
    }

    @Override
    public synchronized void put(ClusterName cluster, Boolean wanted) {
        if (followed.containsKey(cluster)) {
            return;
        }
        var nodes = new TableSink<>(heard.nodes(), NodeCodec::decode, node -> node.id(), refusals);
        String ips = MeshKeys.cache(Kind.IPS, cluster);
        var endpoints = new TableSink<>(
                heard.endpoints(),
                (key, value) -> EndpointCodec.decode(ips, key, value),
                endpoint -> new RemotePrefix(cluster, endpoint.prefix()),
                refusals);
        var services = new TableSink<>(
                heard.services(),
                ServiceCodec::decode,
                service -> new RemoteService(service.name(), service.cluster()),
                refusals);
        var announced = new AnnouncementSink(MeshKeys.peerState(cluster));
        var prefixes = List.of(
                prefix(Kind.NODES, cluster, nodes),
                prefix(Kind.IPS, cluster, endpoints),
                prefix(Kind.SERVICES, cluster, services),
                new FollowedPrefix(MeshKeys.peerState(cluster), Optional.empty(), announced));
        var follower = new StoreFollower("mesh " + cluster, store, prefixes, pace, clock, state -> {
            states.put(cluster, state);
            settle();
        });
        followed.put(cluster, new Followed(follower, List.of(nodes, endpoints, services), announced, clock.instant()));
        follower.start();
    }

    private static FollowedPrefix prefix(Kind kind, ClusterName cluster, TableSink<?, ?> sink) {
        return new FollowedPrefix(
                MeshKeys.cache(kind, cluster), Optional.of(MeshKeys.cacheCanary(kind, cluster)), sink);
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

    /** How far what is known of each peer can be trusted: no further than the weaker of both links to it. */
    public synchronized Map<ClusterName, SourceState> states() {
        var combined = new TreeMap<ClusterName, SourceState>();
        states.forEach((cluster, state) -> combined.put(
                cluster,
                PeerAnnouncement.combined(
                        state,
                        Optional.ofNullable(followed.get(cluster))
                                .flatMap(known -> known.announced().announced()))));
        return combined;
    }

    /** Lets the tables count as complete once every declared peer has been read, or has nothing to be read. */
    public void settle() {
        boolean complete =
                declared.initialized() && declared.snapshot().stream().allMatch(row -> isSettled(row.getKey()));
        if (complete) {
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
