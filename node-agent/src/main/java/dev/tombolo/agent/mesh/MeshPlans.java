package dev.tombolo.agent.mesh;

import dev.tombolo.agent.ipcache.IpcacheDerivation;
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
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.model.peer.PeerDeclaration;
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
    private final Target<Frontend, ServiceEntry> serviceTarget;
    private final Table<Frontend, ServiceEntry> served;
    private ServiceDerivations.Inputs inputs;
    private volatile Optional<KeptServices> kept = Optional.empty();

    public MeshPlans(
            MeshTables tables,
            ServicePlan.Self self,
            Prefix tunnelRange,
            Targets targets,
            ApplyTimes times,
            Clock clock) {
        this.tables = tables;
        this.times = times;
        this.clock = clock;
        this.serviceTarget = targets.services();
        served = reconcile(tables.frontends, targets.services()).applied();
        declarations(tunnelRange);
        beliefs();
        paths(targets);
        services(self);
    }

    private void declarations(Prefix tunnelRange) {
        derivations.add(Derivation.into(tables.declared)
                .fromAll(tables.meshPeers)
                .startWhole(() -> {
                    var declared = new TreeMap<ClusterName, PeerDeclaration>();
                    tables.meshPeers
                            .snapshot()
                            .values()
                            .forEach(object -> DeclarationPlan.declaration(object)
                                    .ifPresent(peer -> declared.put(peer.name(), peer)));
                    return declared;
                }));
        derivations.add(Derivation.into(tables.routed)
                .fromAll(tables.declared)
                .fromAll(tables.served)
                .startWhole(() -> RoutedPlan.peers(
                        tables.declared.snapshot().toMap(),
                        tables.routed.snapshot().toMap(),
                        served.snapshot().values().toList())));
        served.onChange(this::reconsiderLeaving);
        derivations.add(Derivation.into(tables.wanted)
                .from(tables.routed, List::of)
                .keys(() -> tables.routed.snapshot().toMap().keySet())
                .row(name -> tables.routed.snapshot().get(name).map(_ -> true))
                .start());
        derivations.add(rules(tables.routed, tunnelRange, tables.rules));
        derivations.add(rules(tables.declared, tunnelRange, tables.serviceRules));
    }

    /** Services change often, and seldom while a peer leaves: only then is it of interest whether they still need it. */
    private void reconsiderLeaving() {
        if (tables.routed.snapshot().size() > tables.declared.snapshot().size()) {
            tables.served.put(MeshTables.OWN, served.snapshot().revision());
        }
    }

    private Derivation<ClusterName, PeerRules> rules(
            Table<ClusterName, PeerDeclaration> peers, Prefix tunnelRange, Table<ClusterName, PeerRules> out) {
        return Derivation.into(out)
                .fromAll(peers)
                .fromAll(tables.kubeNodes)
                .startWhole(() -> BeliefPlan.rules(
                        peers.snapshot().toMap(),
                        DeclarationPlan.ours(
                                tables.kubeNodes.snapshot().values().toList(), tunnelRange)));
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

    private void paths(Targets targets) {
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
                .startWhole(() -> own().<Map<String, String>>map(
                                own -> Map.of(NftPlan.TABLE, NftPlan.rules(ranges(), own)))
                        .orElse(Map.of())));
        derivations.add(IpcacheDerivation.start(
                tables.routed, tables.believed.endpoints(), tables.believed.nodes(), tables.ipcache));
        var peers = reconcile(tables.peers, targets.peers());
        var routes = reconcile(tables.routes, targets.routes());
        var ipcache = reconcile(tables.ipcache, targets.ipcache());
        reconcile(tables.nft, targets.nft());
        derivations.add(
                derived.paths(peers.applied(), routes.applied(), ipcache.applied(), tables.pathStates, tables.paths));
    }

    private void services(ServicePlan.Self self) {
        inputs = new ServiceDerivations.Inputs(
                self, tables.kubeServices, tables.slices, tables.namespaces, tables.believed.services(), tables.paths);
        derivations.add(ServiceDerivations.globals(inputs, tables.services));
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
