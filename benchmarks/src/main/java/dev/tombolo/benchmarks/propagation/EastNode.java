package dev.tombolo.benchmarks.propagation;

import dev.tombolo.agent.ipcache.KernelIpcache;
import dev.tombolo.agent.mesh.FollowedClusters;
import dev.tombolo.agent.mesh.MeshPlans;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.agent.service.KernelServices;
import dev.tombolo.agent.service.ServicePlan;
import dev.tombolo.benchmarks.kernel.Sandbox;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.kvstore.follow.StoreSource;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.GlobalNamespaces;
import dev.tombolo.reconciler.loop.MemoryTarget;
import dev.tombolo.reconciler.loop.Reconciler;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The agent of one node of east: its followers, plans and kernel maps. Peers, routes and nft stay in memory. */
final class EastNode implements AutoCloseable {
    private static final Duration PASS = Duration.ofSeconds(5);

    private final MeshTables tables = new MeshTables();
    private final Sandbox sandbox;
    private final MeshPlans plans;
    private final FollowedClusters clusters;
    private final Reconciler<ClusterName, Boolean> following;

    EastNode(Shape shape, StoreSource etcd, Consumer<IpAddress> inIpcache, Consumer<IpAddress> inServices)
            throws IOException {
        var clock = Clock.systemUTC();
        sandbox = Sandbox.open(Map.of());
        var datapath = sandbox.datapath();
        datapath.attachServices();
        var ipcache = new KernelIpcache(datapath.ipcacheHosts(), datapath.ipcacheCidrs());
        var services = new KernelServices(datapath.services());
        var targets = new MeshPlans.Targets(
                new MemoryTarget<>(),
                new MemoryTarget<>(),
                new MemoryTarget<>(),
                new Watched<>(ipcache, (prefix, _) -> inIpcache.accept(prefix.address())),
                new Watched<>(
                        services, (_, entry) -> entry.backends().forEach(row -> inServices.accept(row.address()))));
        var self = new ServicePlan.Self(Shape.EAST, Shape.EAST_ID, GlobalNamespaces.DEFAULT);
        plans = new MeshPlans(tables, self, Shape.EAST_TUNNEL, MeshPlans.FAREWELL, targets, (_, _) -> {}, clock);
        var pace = FollowPace.heartbeatEvery(Duration.ofSeconds(10));
        clusters = new FollowedClusters(etcd, tables.heard, tables.wanted, pace, clock, tables.refusals);
        following = new Reconciler<>(tables.wanted, clusters, PASS, clock, RandomGenerator.getDefault()).start();
        fill(shape);
    }

    private void fill(Shape shape) {
        var peer = new MeshPeerObject.Spec(
                Shape.WEST_ID.value(),
                List.of("https://127.0.0.1:1"),
                "",
                "",
                "",
                List.of(Shape.WEST_PODS.toString()),
                List.of(Shape.WEST_NODES.toString()),
                Shape.WEST_TUNNEL.toString(),
                Shape.NUMBERING.maxConnectedClusters(),
                Optional.empty());
        var own = Optional.of(Shape.EAST_TUNNEL.address().plus(1));
        tables.ownTunnel.put(MeshTables.OWN, new OwnTunnel("none", own, 1_420));
        tables.meshPeers.put(
                Shape.WEST.value(), new MeshPeerObject(Shape.WEST.value(), "", 1, false, Map.of(), peer, null));
        tables.namespaces.put(Shape.NAMESPACE, Shape.namespace());
        for (int service = 0; service < shape.services(); service++) {
            tables.kubeServices.put(Shape.serviceKey(service), Shape.service(service));
        }
        tables.ownTunnel.markInitialized();
        tables.kubeNodes.markInitialized();
        tables.namespaces.markInitialized();
        tables.meshPeers.markInitialized();
        tables.kubeServices.markInitialized();
        tables.slices.markInitialized();
    }

    /** How many backends the service maps are known to hold. */
    int backends() {
        var applied = plans.reconcilers().get(tables.frontends.name()).applied();
        return applied.snapshot().values().mapToInt(EastNode::backends).sum();
    }

    private static int backends(Object entry) {
        return ((ServiceEntry) entry).backends().size();
    }

    /** Stops, and reads what the kernel's service maps hold. */
    Map<ServiceKey, ServiceEntry> stop() throws IOException {
        following.close();
        clusters.close();
        plans.close();
        return sandbox.datapath().services().observe();
    }

    @Override
    public void close() {
        following.close();
        clusters.close();
        plans.close();
        sandbox.close();
    }
}
