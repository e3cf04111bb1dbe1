package dev.tombolo.agent.mesh;

import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.EndpointCodec;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.kvstore.protocol.NodeCodec;
import dev.tombolo.kvstore.protocol.ServiceCodec;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What the mesh needs to know of each declared peer: its nodes, endpoints and services. */
public final class FollowedClusters extends FollowedPeers {
    /** As Cilium's clustermesh-sync-timeout. */
    private static final Duration LONGEST_WAIT_FOR_CANARIES = Duration.ofMinutes(1);

    private final HeardTables heard;
    private final Refusals refusals;
    private final Map<ClusterName, AnnouncementSink> announced = new ConcurrentHashMap<>();

    public FollowedClusters(
            StoreSource store,
            HeardTables heard,
            Table<ClusterName, Boolean> declared,
            FollowPace pace,
            Clock clock,
            Refusals refusals) {
        super(store, pace, declared, LONGEST_WAIT_FOR_CANARIES, clock);
        this.heard = heard;
        this.refusals = refusals;
    }

    @Override
    Reading reading(ClusterName cluster) {
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
        var announcement = new AnnouncementSink(MeshKeys.peerState(cluster));
        announced.put(cluster, announcement);
        var prefixes = List.of(
                prefix(Kind.NODES, cluster, nodes),
                prefix(Kind.IPS, cluster, endpoints),
                prefix(Kind.SERVICES, cluster, services),
                new FollowedPrefix(MeshKeys.peerState(cluster), Optional.empty(), announcement));
        return new Reading("mesh " + cluster, prefixes, List.of(nodes, endpoints, services));
    }

    private static FollowedPrefix prefix(Kind kind, ClusterName cluster, TableSink<?, ?> sink) {
        return new FollowedPrefix(
                MeshKeys.cache(kind, cluster), Optional.of(MeshKeys.cacheCanary(kind, cluster)), sink);
    }

    @Override
    public void remove(ClusterName cluster) {
        super.remove(cluster);
        announced.remove(cluster);
    }

    @Override
    void complete() {
        heard.markInitialized();
    }

    /** How far what is known of each peer can be trusted: no further than the weaker of both links to it. */
    public Map<ClusterName, SourceState> states() {
        var combined = new TreeMap<ClusterName, SourceState>();
        followerStates()
                .forEach((cluster, state) -> combined.put(
                        cluster,
                        PeerAnnouncement.combined(
                                state,
                                Optional.ofNullable(announced.get(cluster)).flatMap(AnnouncementSink::announced))));
        return combined;
    }
}
