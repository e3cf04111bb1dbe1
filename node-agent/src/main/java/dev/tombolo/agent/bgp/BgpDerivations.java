package dev.tombolo.agent.bgp;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.bgp.plan.BgpNode;
import dev.tombolo.bgp.plan.PeerInput;
import dev.tombolo.bgp.plan.PeerPlan;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.kube.object.BgpClusterConfigObject;
import dev.tombolo.kube.object.BgpPeerConfigObject;
import dev.tombolo.kube.object.BgpSecret;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.source.BgpSecrets;
import dev.tombolo.model.bgp.BgpPeer.Password;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.derive.Derivation;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** From what was declared, and from the node's tables, to sessions and routes. */
final class BgpDerivations implements AutoCloseable {
    private final MeshTables mesh;
    private final BgpTables tables;
    private final NodeId own;
    private final BgpSecrets secrets;
    private final List<Derivation<?, ?>> derivations;

    BgpDerivations(MeshTables mesh, BgpTables tables, NodeId own, BgpSecrets secrets, Clock clock) {
        this.mesh = mesh;
        this.tables = tables;
        this.own = own;
        this.secrets = secrets;
        derivations = new ArrayList<>(
                List.of(new BgpServices(mesh, tables.served, own.name()).into(tables.services), peers()));
        derivations.addAll(new BgpRouteDerivations(mesh, tables, own, clock).start());
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
