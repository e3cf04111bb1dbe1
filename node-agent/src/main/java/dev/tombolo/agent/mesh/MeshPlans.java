package dev.tombolo.agent.mesh;

import dev.tombolo.agent.ipcache.IpcacheDerivation;
import dev.tombolo.agent.node.OwnNodePlan;
import dev.tombolo.agent.order.RemovalOrder;
import dev.tombolo.agent.path.NftPlan;
import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.agent.path.PathDerivations;
import dev.tombolo.agent.path.RemoteRanges;
import dev.tombolo.agent.path.RoutePlan;
import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.agent.path.TunnelRoute;
import dev.tombolo.agent.service.Frontend;
import dev.tombolo.agent.service.KeptServices;
import dev.tombolo.agent.service.ServiceDerivations;
import dev.tombolo.agent.service.ServicePlan;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.model.peer.PeerRules;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Snapshot;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** The chain from what is heard to what is applied; each gate reads what the reconciler before it has applied. */
public final class MeshPlans implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofSeconds(30);

    /** Longer than a request takes, and than clusters need to learn one after the other that they have parted. */
    public static final Duration FAREWELL = Duration.ofSeconds(5);

    /** What the plans are applied to. */
    public record Targets(
            Target<WireGuardKey, TunnelPeer> peers,
            Target<Prefix, TunnelRoute> routes,
            Target<String, String> nft,
            Target<Prefix, IpcacheEntry> ipcache,
            Target<Frontend, ServiceEntry> services) {}

    private final MeshTables tables;
    private final List<Derivation<?, ?>> derivations = new ArrayList<>();
    private final Map<String, Reconciler<?, ?>> reconcilers = new TreeMap<>();
    private final ApplyTimes times;
    private final Clock clock;
    private final Table<Frontend, ServiceEntry> served;
    private final Target<Frontend, ServiceEntry> serviceTarget;
    private ServiceDerivations.Inputs inputs;
    private volatile Optional<KeptServices> kept = Optional.empty();

    /** @param farewell how long the path of a peer that leaves outlasts its services: {@link #FAREWELL} */
    public MeshPlans(
            MeshTables tables,
            ServicePlan.Self self,
            Prefix tunnelRange,
            Duration farewell,
            Targets targets,
            ApplyTimes times,
            Clock clock) {
        this.tables = tables;
        this.times = times;
        this.clock = clock;
        var order = new RemovalOrder(targets, self.id().value());
        this.serviceTarget = order.services();
        served = reconcile(tables.frontends, order.services()).applied();
        derivations.addAll(Membership.start(tables, served, tunnelRange, farewell));
        beliefs();
        paths(order, targets.nft());
        services(self);
    }

    private void beliefs() {
        var heard = tables.heard;
        var believed = tables.believed;
        derivations.add(Beliefs.start(
                heard.nodes(), tables.rules, id -> id.cluster(), PeerRules::check, tables.refusals, believed.nodes()));
        derivations.add(Beliefs.start(
                heard.endpoints(),
                tables.rules,
                key -> key.cluster(),
                PeerRules::check,
                tables.refusals,
                believed.endpoints()));
        derivations.add(Beliefs.start(
                heard.services(),
                tables.serviceRules,
                key -> key.cluster(),
                PeerRules::check,
                tables.refusals,
                believed.services()));
    }

    private void paths(RemovalOrder order, Target<String, String> nft) {
        var derived = new PathDerivations(tables.believed.nodes(), tables.believed.endpoints());
        derivations.add(derived.peers(tables.peers));
        derivations.add(Derivation.into(tables.routes)
                .fromAll(tables.routed)
                .fromAll(tables.ownTunnel)
                .fromAll(tables.measures)
                .startWhole(
                        () -> own().<Map<Prefix, TunnelRoute>>map(own -> RoutePlan.routes(ranges(), own, measured()))
                                .orElse(Map.of())));
        derivations.add(Derivation.into(tables.nft)
                .fromAll(tables.routed)
                .fromAll(tables.ownTunnel)
                .startWhole(() -> own().<Map<String, String>>map(own -> NftPlan.tables(ranges(), own))
                        .orElse(Map.of())));
        derivations.add(IpcacheDerivation.start(
                tables.routed, tables.believed.endpoints(), tables.believed.nodes(), tables.ipcache));
        var peers = reconcile(tables.peers, order.peers());
        var routes = reconcile(tables.routes, order.routes());
        var ipcache = reconcile(tables.ipcache, order.ipcache());
        order.peers().onRelease(peers::reconsider);
        order.routes().onRelease(routes::reconsider);
        order.ipcache().onRelease(ipcache::reconsider);
        reconcile(tables.nft, nft);
        derivations.add(
                derived.paths(peers.applied(), routes.applied(), ipcache.applied(), tables.pathStates, tables.paths));
    }

    private void services(ServicePlan.Self self) {
        derivations.add(Derivation.into(tables.nodeAddresses)
                .fromAll(tables.kubeNodes)
                .startWhole(
                        () -> OwnNodePlan.addresses(tables.kubeNodes.snapshot().get(self.node()))));
        derivations.add(Derivation.into(tables.nodeZone)
                .fromAll(tables.kubeNodes)
                .startWhole(() -> OwnNodePlan.zone(tables.kubeNodes.snapshot().get(self.node()))));
        inputs = new ServiceDerivations.Inputs(
                self,
                tables.kubeServices,
                tables.slices,
                tables.namespaces,
                tables.believed.services(),
                tables.paths,
                tables.nodeAddresses,
                tables.nodeZone);
        derivations.add(ServiceDerivations.served(inputs, tables.services));
        derivations.add(ServiceDerivations.frontends(tables.services, tables.frontends));
    }

    private <K extends Comparable<? super K>, V> Reconciler<K, V> reconcile(Table<K, V> desired, Target<K, V> target) {
        var reconciler = new Reconciler<>(desired, target, FULL_PASS, clock, RandomGenerator.getDefault())
                .timedBy(time -> times.took(desired.name(), time));
        reconcilers.put(desired.name(), reconciler);
        return reconciler.start();
    }

    private Optional<OwnTunnel> own() {
        Snapshot<String, OwnTunnel> rows = tables.ownTunnel.snapshot();
        return rows.get(MeshTables.OWN);
    }

    private Map<Prefix, Integer> measured() {
        var mtus = new TreeMap<Prefix, Integer>();
        tables.measures
                .snapshot()
                .forEach(path -> tables.believed
                        .nodes()
                        .snapshot()
                        .get(path.getKey())
                        .ifPresent(node -> node.podRanges()
                                .forEach(range ->
                                        mtus.merge(range, path.getValue().mtu(), Math::min))));
        return mtus;
    }

    private List<Prefix> ranges() {
        return RemoteRanges.of(tables.routed.snapshot().values().toList());
    }

    /**
     * To be called while the mesh has not been read for a while since the start: from then on, and until it has been,
     * local backends follow Kubernetes and remote ones are those in the kernel.
     */
    public void keepServices() throws IOException {
        if (kept.isEmpty() && !tables.frontends.initialized()) {
            kept = Optional.of(
                    KeptServices.start(inputs, tables.declared, serviceTarget, tables.frontends::initialized, clock));
        }
    }

    /** To be called now and then: ends what {@link #keepServices} began once it is of no more use. */
    public void letGoOfKept() {
        if (kept.isPresent() && tables.frontends.initialized()) {
            kept.get().close();
            kept = Optional.empty();
            // It may have written while the chain read what is there.
            reconcilers.get(tables.frontends.name()).requestFullPass();
        }
    }

    /** What the kernel has of services. */
    public Table<Frontend, ServiceEntry> served() {
        return served;
    }

    /** Whether the service maps are what is known now, of the mesh or of before. */
    public boolean servicesApplied() {
        return reconcilers.get(tables.frontends.name()).applied().initialized()
                || kept.stream().anyMatch(KeptServices::applied);
    }

    /** The loops, by the name of their table. */
    public Map<String, Reconciler<?, ?>> reconcilers() {
        return java.util.Collections.unmodifiableMap(reconcilers);
    }

    /** Stops planning and applying; what is applied stays. */
    @Override
    public void close() {
        kept.ifPresent(KeptServices::close);
        reconcilers.values().forEach(Reconciler::close);
        derivations.forEach(Derivation::close);
    }
}
