package dev.tombolo.agent.bgp;

import dev.tombolo.agent.index.Index;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.status.ClusterPaths;
import dev.tombolo.bgp.plan.Audience;
import dev.tombolo.bgp.plan.EgressOffer;
import dev.tombolo.bgp.plan.OfferPlan;
import dev.tombolo.bgp.plan.RouteCandidate;
import dev.tombolo.bgp.plan.RouteDecision;
import dev.tombolo.bgp.plan.RouteInput;
import dev.tombolo.bgp.plan.RouteOffers;
import dev.tombolo.bgp.plan.RouteSource;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.derive.Derivation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * From services, what the node has and who is told to routes: a service that changes is planned alone, then its prefixes. It
 * comes to what {@link dev.tombolo.bgp.plan.RoutePlan} says.
 */
final class BgpRouteDerivations {
    private final MeshTables mesh;
    private final BgpTables tables;
    private final NodeId own;
    private final Clock clock;
    private final Index<Prefix, RouteSource, RouteOffers> sources;

    BgpRouteDerivations(MeshTables mesh, BgpTables tables, NodeId own, Clock clock) {
        this.mesh = mesh;
        this.tables = tables;
        this.own = own;
        this.clock = clock;
        sources = new Index<>(tables.offers, (_, offers) -> offers.prefixes());
    }

    List<Derivation<?, ?>> start() {
        return List.of(asked(), reach(), offers(), audience(), decisions(), routes());
    }

    private Derivation<String, BgpAdvertisement> asked() {
        return Derivation.into(tables.asked)
                .from(tables.advertisements, List::of)
                .keys(() -> tables.advertisements.snapshot().toMap().keySet())
                .row(name -> tables.advertisements
                        .snapshot()
                        .get(name)
                        .flatMap(found -> found.reading().advertisement()))
                .start();
    }

    /** Paths are measured all the time, and seldom come or go. */
    private Derivation<String, RouteInput.Mesh> reach() {
        return Derivation.into(tables.reach)
                .fromAll(mesh.pathStates)
                .startWhole(() -> Map.of(MeshTables.OWN, new RouteInput.Mesh(own.cluster(), unreachable())));
    }

    private Set<ClusterName> unreachable() {
        return ClusterPaths.of(mesh.pathStates.snapshot().toMap()).entrySet().stream()
                .filter(cluster -> cluster.getValue().allDead())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Of all advertisements: which of them a router hears is decided with one look at the router. */
    private Derivation<RouteSource, RouteOffers> offers() {
        return Derivation.into(tables.offers)
                .fromAll(tables.asked)
                .fromAll(tables.reach)
                .from(tables.services, name -> List.of(RouteSource.of(name)))
                .from(tables.network, _ -> List.of(RouteSource.NODE))
                .from(tables.egress, _ -> List.of(RouteSource.NODE))
                .from(mesh.kubeNodes, name -> name.equals(own.name()) ? List.of(RouteSource.NODE) : List.of())
                .keys(this::allSources)
                .row(source -> tables.reach
                        .snapshot()
                        .get(MeshTables.OWN)
                        .flatMap(reach -> offers(source, reach))
                        .filter(offers -> !offers.equals(RouteOffers.NONE)))
                .start();
    }

    private Set<RouteSource> allSources() {
        var all = new TreeSet<RouteSource>();
        all.add(RouteSource.NODE);
        tables.services.snapshot().forEach(row -> all.add(RouteSource.of(row.getKey())));
        return all;
    }

    private Optional<RouteOffers> offers(RouteSource source, RouteInput.Mesh reach) {
        var asked = tables.asked.snapshot().values().toList();
        return source.service().isPresent()
                ? source.service()
                        .flatMap(tables.services.snapshot()::get)
                        .map(service -> OfferPlan.service(asked, reach, service))
                : ownNode().map(node -> OfferPlan.node(asked, reach, ofNode(node), egress()));
    }

    private RouteInput.Node ofNode(KubeNode node) {
        var network = tables.network.snapshot().get(MeshTables.OWN);
        return new RouteInput.Node(
                node.podCidrs(), network.map(BgpNetworkPlan::interfaces).orElse(Map.of()));
    }

    private List<EgressOffer> egress() {
        return tables.egress.snapshot().stream()
                .map(held -> new EgressOffer(
                        held.getKey(),
                        held.getValue().pool(),
                        held.getValue().labels(),
                        held.getValue().epoch()))
                .toList();
    }

    private Derivation<String, Audience> audience() {
        return Derivation.into(tables.audience)
                .fromAll(tables.peers)
                .fromAll(tables.time)
                .from(mesh.kubeNodes, name -> name.equals(own.name()) ? List.of(MeshTables.OWN) : List.of())
                .keys(() -> List.of(MeshTables.OWN))
                .row(_ -> tables.peers
                        .snapshot()
                        .get(MeshTables.OWN)
                        .flatMap(peers -> ownNode().map(node -> Audience.of(peers, drain(node)))))
                .start();
    }

    private RouteInput.Drain drain(KubeNode node) {
        var asked = Optional.ofNullable(node.annotations().get(BgpDrain.ANNOTATION));
        return new RouteInput.Drain(asked.map(BgpDrain::parse), clock.instant());
    }

    private Optional<KubeNode> ownNode() {
        return mesh.kubeNodes.snapshot().get(own.name());
    }

    private Derivation<RouteKey, RouteDecision> decisions() {
        return Derivation.into(tables.decisions)
                .from(tables.offers, source -> keys(sources.update(source)))
                .fromAll(tables.audience)
                .keys(() -> keys(sources.rebuild()))
                .row(this::decision)
                .start();
    }

    private Collection<RouteKey> keys(Set<Prefix> prefixes) {
        var keys = new ArrayList<RouteKey>();
        tables.audience
                .snapshot()
                .values()
                .flatMap(audience -> audience.listeners().keySet().stream())
                .forEach(peer -> prefixes.forEach(prefix -> keys.add(new RouteKey(peer, prefix))));
        return keys;
    }

    private Optional<RouteDecision> decision(RouteKey key) {
        return tables.audience
                .snapshot()
                .get(MeshTables.OWN)
                .map(audience -> audience.listeners().get(key.peer()))
                .flatMap(listener -> RouteDecision.of(listener, candidates(key.prefix())));
    }

    private List<RouteCandidate> candidates(Prefix prefix) {
        var offers = tables.offers.snapshot();
        return sources.keys(prefix).stream()
                .flatMap(source -> offers.get(source).stream())
                .flatMap(offered -> offered.candidates().stream())
                .filter(candidate -> candidate.prefix().equals(prefix))
                .toList();
    }

    private Derivation<RouteKey, PathAttributes> routes() {
        return Derivation.into(tables.routes)
                .from(tables.decisions, List::of)
                .keys(() -> tables.decisions.snapshot().toMap().keySet())
                .row(key -> tables.decisions.snapshot().get(key).flatMap(RouteDecision::told))
                .start();
    }
}
