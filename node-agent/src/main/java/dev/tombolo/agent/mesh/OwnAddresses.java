package dev.tombolo.agent.mesh;

import dev.tombolo.agent.ipcache.OwnIpcacheDerivation;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.FollowedPrefix;
import dev.tombolo.kvstore.follow.SourceState;
import dev.tombolo.kvstore.follow.StoreFollower;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.kvstore.protocol.EndpointCodec;
import dev.tombolo.kvstore.protocol.MeshKeys;
import dev.tombolo.kvstore.protocol.MeshKeys.Kind;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * This cluster's own addresses in the ipcache, as its mesh server tells the others of them: what an identity is here is
 * what it is in the mesh. A chain of its own, so that paths and services wait for nothing of it; nothing is written or
 * removed before the mesh server's first complete listing, and nothing removed while it is stale.
 */
public final class OwnAddresses implements AutoCloseable {
    /** A pass reads the whole map, and nobody else writes these rows. */
    private static final Duration FULL_PASS = Duration.ofMinutes(5);

    private final Table<Prefix, MeshEndpoint> endpoints = new Table<>("own endpoints");
    private final Table<Prefix, IpcacheEntry> rows = new Table<>("own addresses");
    private final StoreFollower follower;
    private final Derivation<Prefix, IpcacheEntry> derivation;
    private final Reconciler<Prefix, IpcacheEntry> loop;

    /**
     * Whose addresses they are.
     *
     * @param node the name of this node, which is the host to itself
     * @param tunnelRange where the tunnel addresses of this cluster are, and no others
     */
    public record Self(ClusterName cluster, ClusterId id, String node, Prefix tunnelRange) {}

    /** What is believed of it: nodes as Kubernetes has them, and nothing that is a peer's. */
    public record Surroundings(Table<String, KubeNode> nodes, Table<ClusterName, PeerDeclaration> peers) {}

    private OwnAddresses(
            Self self,
            Surroundings around,
            StoreSource etcd,
            FollowPace pace,
            Refusals refusals,
            Target<Prefix, IpcacheEntry> target,
            Clock clock) {
        String ips = MeshKeys.state(Kind.IPS, self.cluster());
        var sink = new TableSink<>(
                endpoints, (key, value) -> EndpointCodec.decode(ips, key, value), MeshEndpoint::prefix, refusals);
        var prefix = new FollowedPrefix(ips, Optional.of(MeshKeys.stateCanary(Kind.IPS, self.cluster())), sink);
        var inputs = new OwnIpcacheDerivation.Inputs(around.nodes(), endpoints, around.peers());
        derivation = OwnIpcacheDerivation.start(self, inputs, refusals, rows);
        loop = new Reconciler<>(rows, target, FULL_PASS, clock, RandomGenerator.getDefault()).start();
        follower = new StoreFollower("own mesh server", etcd, List.of(prefix), pace, clock, this::read).start();
    }

    public static OwnAddresses start(
            Self self,
            Surroundings around,
            StoreSource etcd,
            FollowPace pace,
            Refusals refusals,
            Target<Prefix, IpcacheEntry> target,
            Clock clock) {
        return new OwnAddresses(self, around, etcd, pace, refusals, target, clock);
    }

    private void read(SourceState state) {
        if (state instanceof SourceState.Fresh) {
            endpoints.markInitialized();
        }
    }

    /** Whether what is known of the own mesh server is all, and how old it is. */
    public SourceState state() {
        return follower.state();
    }

    public Reconciler<Prefix, IpcacheEntry> loop() {
        return loop;
    }

    /** Stops following and writing; what is written stays. */
    @Override
    public void close() {
        follower.close();
        loop.close();
        derivation.close();
    }
}
