package dev.tombolo.agent.wiring;

import dev.tombolo.agent.bgp.BgpOnDemand;
import dev.tombolo.agent.bgp.BgpTimes;
import dev.tombolo.agent.bgp.Served;
import dev.tombolo.agent.egress.EgressOnDemand;
import dev.tombolo.agent.egress.podstart.PodStartUpkeep;
import dev.tombolo.agent.healthcheck.HealthChecks;
import dev.tombolo.agent.ipcache.KernelIpcache;
import dev.tombolo.agent.ipcache.SharedIpcache;
import dev.tombolo.agent.mesh.ApplyTimes;
import dev.tombolo.agent.mesh.FollowedClusters;
import dev.tombolo.agent.mesh.MeshPlans;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.mesh.OwnAddresses;
import dev.tombolo.agent.node.DeviceTarget;
import dev.tombolo.agent.node.OwnNodePlan;
import dev.tombolo.agent.node.TunnelDevice;
import dev.tombolo.agent.outside.OutsideOnDemand;
import dev.tombolo.agent.path.KernelRoutes;
import dev.tombolo.agent.path.NftTable;
import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.agent.probe.PathProbes;
import dev.tombolo.agent.probe.UnderlayRoom;
import dev.tombolo.agent.probe.UsedNodesPlan;
import dev.tombolo.agent.service.AbandonedSockets;
import dev.tombolo.agent.service.KernelServices;
import dev.tombolo.agent.service.UdpBackends;
import dev.tombolo.bpf.Datapath;
import dev.tombolo.bpf.DatapathOptions;
import dev.tombolo.bpf.service.ServiceMaps;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.source.KubeSource;
import dev.tombolo.kvstore.follow.FollowPace;
import dev.tombolo.model.Invalid;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.nft.HostCommand;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.wireguard.WireGuardBackend;
import dev.tombolo.wireguard.WireGuardKeyStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that runs on a node, put together. Closing it leaves the kernel as it is. */
final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    /** A user-space WireGuard that was restarted empty is noticed within this time. */
    private static final Duration DEVICE_PASS = Duration.ofMillis(500);

    private static final Duration FILL_INTERVAL = Duration.ofSeconds(5);

    private static final Duration FOLLOW_PASS = Duration.ofSeconds(5);

    /** Longer than a start with an etcd that answers. */
    private static final Duration LONGEST_WAIT_FOR_MESH = Duration.ofSeconds(5);

    final Instant started = Instant.now();
    final Settings settings;
    final MeshTables tables = new MeshTables();
    final Datapath datapath;
    final ServiceMaps services;
    final TunnelDevice device;
    final MeshPlans plans;
    final FollowedClusters clusters;
    final AbandonedSockets sockets;
    final OwnAddresses ownAddresses;
    final EgressOnDemand egress;
    final OutsideOnDemand outside;
    final BgpOnDemand bgp;
    private final HealthChecks healthChecks;
    private final Map<Invalid.Reason, AtomicLong> refused = new ConcurrentHashMap<>();
    private final Reconciler<ClusterName, Boolean> following;
    private final Reconciler<String, OwnTunnel> deviceLoop;
    private final Derivation<String, OwnTunnel> ownTunnel;
    private final PathProbes probes;
    private final List<KubeSource> sources;
    private final Netlink netlink;
    private final Object attachable = new Object();
    private Map<String, Datapath.Fill> fill = Map.of();
    private Instant filledAt = Instant.MIN;
    private volatile boolean deviceIsBack;
    private volatile boolean servicesAttached;
    private boolean tunnelAttached;
    private boolean aloneNow;
    private volatile Optional<String> attachFailure = Optional.empty();

    /** Who is told how long things take. */
    record Times(ApplyTimes apply, BgpTimes bgp) {}

    Agent(Settings settings, KubeApi kube, WireGuardBackend backend, int underlayMtu, Times measured)
            throws IOException {
        var clock = Clock.systemUTC();
        this.settings = settings;
        // First, because an answer over the network takes as long as all that follows.
        sources = sources(kube);
        var key = new WireGuardKeyStore(settings.state()).loadOrCreate();
        device = new TunnelDevice(backend, settings.device(), key, settings.port(), tables.peers);
        var options = new DatapathOptions(settings.bpffs(), settings.cgroup(), settings.mapSizes());
        datapath = Datapath.open(options);
        netlink = Netlink.open();
        var ipcache = new SharedIpcache(new KernelIpcache(datapath.ipcacheHosts(), datapath.ipcacheCidrs()));
        services = datapath.services();
        var backends = new UdpBackends(
                new KernelServices(services), settings.self().id().value());
        sockets = new AbandonedSockets(datapath.socketDestroyer(), backends);
        var targets = new MeshPlans.Targets(
                device, new KernelRoutes(netlink), new NftTable(HostCommand.here()), ipcache.others(), backends);
        probes = PathProbes.remember(settings.state(), tables.believed.nodes(), tables.pathStates, clock);
        plans = new MeshPlans(
                tables, settings.self(), settings.tunnelRange(), MeshPlans.FAREWELL, targets, measured.apply(), clock);
        var deviceTarget = new DeviceTarget(netlink, device, settings.device(), () -> deviceIsBack = true);
        deviceLoop = new Reconciler<>(tables.ownTunnel, deviceTarget, DEVICE_PASS, clock, RandomGenerator.getDefault())
                .start();
        var etcd = new LocalEtcd(settings.tls(), tables.kubeServices);
        var pace = FollowPace.heartbeatEvery(settings.heartbeat());
        clusters = new FollowedClusters(etcd, tables.heard, tables.wanted, pace, clock, tables.refusals);
        var self = new OwnAddresses.Self(
                settings.self().name(), settings.self().id(), settings.node(), settings.tunnelRange());
        var around = new OwnAddresses.Surroundings(tables.kubeNodes, tables.routed);
        ownAddresses = OwnAddresses.start(self, around, etcd, pace, tables.refusals, ipcache.own(), clock);
        following = new Reconciler<>(tables.wanted, clusters, FOLLOW_PASS, clock, RandomGenerator.getDefault()).start();
        ownTunnel = Derivation.into(tables.ownTunnel)
                .from(tables.kubeNodes, name -> name.equals(settings.node()) ? List.of(MeshTables.OWN) : List.of())
                .keys(() -> List.of(MeshTables.OWN))
                .row(_ -> Optional.of(OwnNodePlan.tunnel(
                        tables.kubeNodes.snapshot().get(settings.node()), settings.device(), underlayMtu)))
                .start();
        probes.start(
                () -> tables.ownTunnel.snapshot().get(MeshTables.OWN),
                () -> UsedNodesPlan.nodes(
                        tables.services.snapshot().values().toList(),
                        tables.paths.snapshot().values().toList()),
                tables.measures,
                () -> UnderlayRoom.of(netlink));
        egress = new EgressOnDemand(
                new EgressOnDemand.Node(
                        new NodeId(settings.self().name(), settings.node()),
                        key,
                        settings.port(),
                        settings.tunnelRange(),
                        settings.state()),
                new EgressOnDemand.Means(
                        kube.sources(),
                        kube.writes().statuses()::hasEgressPolicies,
                        tables,
                        options,
                        backend,
                        netlink,
                        new PodStartUpkeep(settings.cni().hook(settings.bpffs()), clock),
                        new EgressOnDemand.Agreement(etcd, pace, tables.refusals),
                        clock),
                this::refused);
        outside = new OutsideOnDemand(
                tables,
                new NodeId(settings.self().name(), settings.node()),
                settings.acceleration(),
                options,
                netlink,
                clock);
        bgp = new BgpOnDemand(
                new BgpOnDemand.Node(
                        new NodeId(settings.self().name(), settings.node()),
                        settings.run(),
                        Path.of("/opt/tombolo/bin/tombolo-exabgp-bridge")),
                new BgpOnDemand.Means(
                        kube.sources(),
                        kube.writes(),
                        tables,
                        egress.held(),
                        new Served(settings.self().served(), plans.served(), outside.serving()),
                        netlink,
                        this::refused,
                        measured.bgp(),
                        clock));
        healthChecks = new HealthChecks(
                settings.self().served(), settings.node(), tables.kubeServices, tables.slices, this::ready, clock);
        plans.reconcilers().get(tables.frontends.name()).applied().onChange(this::wakeUntilAttached);
        plans.reconcilers().get(tables.ipcache.name()).applied().onChange(this::wakeUntilAttached);
    }

    private void wakeUntilAttached() {
        if (!servicesAttached) {
            synchronized (attachable) {
                attachable.notifyAll();
            }
        }
    }

    /** Returns after that time, or at once when there may be something to attach. */
    void awaitAttachable(Duration longest) throws InterruptedException {
        synchronized (attachable) {
            attachable.wait(longest.toMillis());
        }
    }

    /** How full the maps are, read every few seconds only: to count a map is to walk through it. */
    synchronized Map<String, Datapath.Fill> fill() throws IOException {
        var now = Instant.now();
        if (now.isAfter(filledAt.plus(FILL_INTERVAL))) {
            var all = new TreeMap<>(datapath.fill());
            all.putAll(outside.fill());
            fill = all;
            filledAt = now;
        }
        return fill;
    }

    private List<KubeSource> sources(KubeApi kube) {
        var from = kube.sources();
        return List.of(
                from.nodes(tables.kubeNodes, this::refused),
                from.namespaces(tables.namespaces, this::refused),
                from.services(tables.kubeServices, this::refused),
                from.endpointSlices(tables.slices, this::refused),
                from.meshPeers(tables.meshPeers, this::refused));
    }

    private void refused(Invalid invalid) {
        if (refused.computeIfAbsent(invalid.reason(), _ -> new AtomicLong()).getAndIncrement() == 0) {
            LOG.warn("refused, and counted from now on: {}", invalid);
        }
    }

    /** Attaches what can be attached now: services once their maps are filled, the tunnel's program once it is there. */
    void attach() {
        try {
            if (!servicesAttached && plans.servicesApplied()) {
                datapath.attachServices();
                sockets.start();
                servicesAttached = true;
                LOG.info("services attached cgroup={}", settings.cgroup());
            }
            if (deviceIsBack
                    && plans.reconcilers().get(tables.ipcache.name()).applied().initialized()) {
                plans.reconcilers().get(tables.peers.name()).requestFullPass();
                plans.reconcilers().get(tables.routes.name()).requestFullPass();
                datapath.attachTunnel(settings.device());
                deviceIsBack = false;
                tunnelAttached = true;
                LOG.info("tunnel attached device={}", settings.device());
            }
            egress.settle();
            bgp.settle();
            if (servicesAttached) {
                outside.settle();
            }
            if (servicesAttached && tunnelAttached && egress.settled() && outside.settled() && !aloneNow) {
                datapath.removeOtherVersions();
                aloneNow = true;
            }
            attachFailure = Optional.empty();
        } catch (IOException failure) {
            if (attachFailure.isEmpty()) {
                LOG.warn("cannot attach: {}", failure.getMessage());
            }
            attachFailure = Optional.of(failure.getMessage());
        }
    }

    /** Local changes must not wait for a mesh that cannot be read: after a while the kernel tells of the others. */
    void bridge() {
        try {
            plans.letGoOfKept();
            if (datapath.servedByOthers()) {
                // The kernel's rows of the version before cannot be read, and its programs go on by them.
                return;
            }
            boolean waited = Instant.now().isAfter(started.plus(LONGEST_WAIT_FOR_MESH));
            if (waited && tables.kubeServices.initialized() && tables.declared.initialized()) {
                plans.keepServices();
            }
        } catch (IOException unreadable) {
            LOG.warn("services in the kernel cannot be read: {}", unreadable.getMessage());
        }
    }

    /** What could not be read since the start, by reason. */
    Map<Invalid.Reason, Long> refused() {
        var counts = new java.util.EnumMap<Invalid.Reason, Long>(Invalid.Reason.class);
        refused.forEach((reason, count) -> counts.put(reason, count.get()));
        return counts;
    }

    /** Whether connections of this node are answered as the tables say. */
    boolean ready() {
        return servicesAttached;
    }

    Optional<String> attachFailure() {
        return attachFailure;
    }

    Map<String, Reconciler<?, ?>> loops() {
        var all = new TreeMap<>(plans.reconcilers());
        all.put("tunnel device", deviceLoop);
        all.put("own addresses", ownAddresses.loop());
        all.putAll(egress.reconcilers());
        all.putAll(outside.reconcilers());
        all.putAll(bgp.reconcilers());
        all.put("health checks", healthChecks.reconciler());
        return all;
    }

    @Override
    public void close() {
        sources.forEach(KubeSource::close);
        probes.close();
        ownTunnel.close();
        ownAddresses.close();
        following.close();
        clusters.close();
        deviceLoop.close();
        plans.close();
        egress.close();
        outside.close();
        bgp.close();
        healthChecks.close();
        sockets.close();
        datapath.close();
        netlink.close();
    }
}
