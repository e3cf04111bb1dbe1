package dev.tombolo.agent.bgp;

import dev.tombolo.agent.egress.address.HeldAddress;
import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.status.ClusterPaths;
import dev.tombolo.bgp.plan.BgpNode;
import dev.tombolo.bgp.plan.EgressOffer;
import dev.tombolo.bgp.plan.PeerInput;
import dev.tombolo.bgp.plan.PeerPlan;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.bgp.plan.RouteInput;
import dev.tombolo.bgp.plan.RoutePlan;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.BgpSecret;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.source.BgpSecrets;
import dev.tombolo.model.bgp.BgpDrain;
import dev.tombolo.model.bgp.BgpPeer.Password;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** From what was declared, and from the node's tables, to sessions and routes. */
final class BgpDerivations implements AutoCloseable {
    private final MeshTables mesh;
    private final Table<IpAddress, HeldAddress> egress;
    private final BgpTables tables;
    private final NodeId own;
    private final BgpSecrets secrets;
    private final Clock clock;
    private final List<Derivation<?, ?>> derivations;

    BgpDerivations(
            MeshTables mesh,
            Table<IpAddress, HeldAddress> egress,
            BgpTables tables,
            NodeId own,
            BgpSecrets secrets,
            Clock clock) {
        this.mesh = mesh;
        this.egress = egress;
        this.tables = tables;
        this.own = own;
        this.secrets = secrets;
        this.clock = clock;
        derivations = List.of(new BgpServices(mesh, own.name()).into(tables.services), peers(), planned(), routes());
    }

    private Derivation<String, PlannedPeers> peers() {
        return Derivation.into(tables.peers)
                .fromAll(tables.clusterConfigs)
                .fromAll(tables.peerConfigs)
                .fromAll(tables.overrides)
                .fromAll(tables.secrets)
                .fromAll(tables.network)
                .from(mesh.kubeNodes, name -> name.equals(own.name()) ? List.of(MeshTables.OWN) : List.of())
                .keys(() -> List.of(MeshTables.OWN))
                .row(_ -> ownNode().flatMap(this::plannedPeers))
                .start();
    }

    private Optional<PlannedPeers> plannedPeers(KubeNode node) {
        return tables.network.snapshot().get(MeshTables.OWN).map(network -> {
            var input = new PeerInput(
                    new BgpNode(node.name(), node.labels(), node.internalIps()),
                    BgpNetworkPlan.network(network),
                    tables.clusterConfigs
                            .snapshot()
                            .values()
                            .map(BgpClusterConfigObject::reading)
                            .toList(),
                    tables.peerConfigs
                            .snapshot()
                            .values()
                            .map(BgpPeerConfigObject::reading)
                            .toList(),
                    tables.overrides.snapshot().get(own.name()).map(found -> found.reading()),
                    passwords());
            secrets.follow(input.secrets());
            return PeerPlan.plan(input);
        });
    }

    private Map<String, Optional<Password>> passwords() {
        return tables.secrets.snapshot().values().collect(Collectors.toMap(BgpSecret::name, BgpSecret::password));
    }

    private Derivation<String, PlannedRoutes> planned() {
        return Derivation.into(tables.planned)
                .fromAll(tables.peers)
                .fromAll(tables.advertisements)
                .fromAll(tables.services)
                .fromAll(tables.network)
                .fromAll(egress)
                .fromAll(tables.time)
                .fromAll(mesh.pathStates)
                .from(mesh.kubeNodes, name -> name.equals(own.name()) ? List.of(MeshTables.OWN) : List.of())
                .keys(() -> List.of(MeshTables.OWN))
                .row(_ -> tables.peers
                        .snapshot()
                        .get(MeshTables.OWN)
                        .flatMap(peers -> ownNode().map(node -> RoutePlan.plan(input(peers, node)))))
                .start();
    }

    private RouteInput input(PlannedPeers peers, KubeNode node) {
        var network = tables.network.snapshot().get(MeshTables.OWN);
        return new RouteInput(
                peers,
                tables.advertisements
                        .snapshot()
                        .values()
                        .flatMap(found -> found.reading().advertisement().stream())
                        .toList(),
                new RouteInput.Node(
                        node.podCidrs(), network.map(BgpNetworkPlan::interfaces).orElse(Map.of())),
                new RouteInput.Mesh(own.cluster(), unreachable()),
                tables.services.snapshot().values().toList(),
                offers(),
                new RouteInput.Drain(
                        Optional.ofNullable(node.annotations().get(BgpDrain.ANNOTATION))
                                .map(BgpDrain::parse),
                        clock.instant()));
    }

    private List<EgressOffer> offers() {
        return egress.snapshot().stream()
                .map(held -> new EgressOffer(
                        held.getKey(),
                        held.getValue().pool(),
                        held.getValue().labels(),
                        held.getValue().epoch()))
                .toList();
    }

    private Set<ClusterName> unreachable() {
        return ClusterPaths.of(mesh.pathStates.snapshot().toMap()).entrySet().stream()
                .filter(cluster -> cluster.getValue().allDead())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private Derivation<RouteKey, PathAttributes> routes() {
        return Derivation.into(tables.routes).fromAll(tables.planned).startWhole(() -> {
            var routes = new TreeMap<RouteKey, PathAttributes>();
            tables.planned
                    .snapshot()
                    .values()
                    .forEach(planned -> planned.routes()
                            .forEach((peer, told) -> told.forEach(
                                    (prefix, route) -> routes.put(new RouteKey(peer, prefix), route.attributes()))));
            return routes;
        });
    }

    private Optional<KubeNode> ownNode() {
        return mesh.kubeNodes.snapshot().get(own.name());
    }

    Optional<String> failure() {
        return derivations.stream()
                .flatMap(derivation -> derivation.failure().stream())
                .findFirst();
    }

    @Override
    public void close() {
        derivations.forEach(Derivation::close);
    }
}
