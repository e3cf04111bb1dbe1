package dev.tombolo.agent.mesh;

import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.egress.EgressConsent;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.model.peer.PeerQuotas;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** MeshPeer objects as declarations. */
public final class DeclarationPlan {
    private DeclarationPlan() {}

    /** Empty where the object does not say enough to believe anything of the peer, or is being deleted. */
    public static Optional<PeerDeclaration> declaration(MeshPeerObject object) {
        var name = ClusterName.tryParse(object.name());
        var spec = object.spec();
        boolean numbered = spec != null && spec.clusterId() >= 1 && spec.clusterId() <= spec.maxConnectedClusters();
        boolean width = spec != null && (spec.maxConnectedClusters() == 255 || spec.maxConnectedClusters() == 511);
        if (name.isEmpty() || object.deleting() || !numbered || !width) {
            return Optional.empty();
        }
        return Optional.of(new PeerDeclaration(
                name.get(),
                new ClusterId(spec.clusterId()),
                MeshNumbering.of(spec.maxConnectedClusters()),
                prefixes(spec.podCIDRs()),
                prefixes(spec.nodeCIDRs()),
                prefixes(List.of(spec.tunnelCIDR())),
                PeerQuotas.DEFAULT,
                EgressConsent.isGiven(object.annotations())));
    }

    /** What no peer may claim: the ranges and addresses of this cluster's nodes, and its tunnel range. */
    static List<Prefix> ours(Collection<KubeNode> nodes, Prefix tunnelRange) {
        var ours = new ArrayList<>(List.of(tunnelRange));
        nodes.forEach(node -> {
            ours.addAll(node.podCidrs());
            node.internalIps().forEach(address -> ours.add(Prefix.host(address)));
        });
        return ours;
    }

    private static List<Prefix> prefixes(List<String> texts) {
        return texts.stream()
                .flatMap(text -> text.isEmpty() ? Stream.<Prefix>empty() : Prefix.tryParse(text).stream())
                .toList();
    }
}
