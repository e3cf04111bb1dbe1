package dev.tombolo.agent.ipcache;

import dev.tombolo.agent.index.Index;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who each address of this cluster belongs to: this node, another of its nodes, or a pod as the mesh is told of it. */
public final class OwnIpcacheDerivation {
    private OwnIpcacheDerivation() {}

    /** @param ownNode the name of this node, which is the host to itself */
    public static Derivation<Prefix, IpcacheEntry> start(
            ClusterId cluster,
            String ownNode,
            Table<String, KubeNode> nodes,
            Table<Prefix, MeshEndpoint> endpoints,
            Table<Prefix, IpcacheEntry> out) {
        var byAddress = new Index<Prefix, String, KubeNode>(nodes, (_, node) -> addresses(node));
        return Derivation.into(out)
                .from(endpoints, List::of)
                .from(nodes, byAddress::update)
                .keys(() -> {
                    var prefixes = new HashSet<>(byAddress.rebuild());
                    endpoints.snapshot().forEach(row -> prefixes.add(row.getKey()));
                    return prefixes;
                })
                .row(prefix -> node(byAddress.keys(prefix), ownNode)
                        .or(() -> endpoints.snapshot().get(prefix).map(MeshEndpoint::identity))
                        .map(identity ->
                                new IpcacheEntry((int) identity.value(), 0, cluster.value(), IpcacheEntry.LOCAL)))
                .start();
    }

    /** As Cilium numbers them; a node's address is never a pod's, whatever a pod on its network says. */
    private static Optional<SecurityIdentity> node(Set<String> claimants, String ownNode) {
        if (claimants.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(claimants.contains(ownNode) ? SecurityIdentity.HOST : SecurityIdentity.REMOTE_NODE);
    }

    private static Set<Prefix> addresses(KubeNode node) {
        var addresses = new HashSet<Prefix>();
        node.internalIps().forEach(address -> addresses.add(Prefix.host(address)));
        node.externalIps().forEach(address -> addresses.add(Prefix.host(address)));
        Optional.ofNullable(node.annotations().get(MeshNode.TUNNEL_ADDRESS_ANNOTATION))
                .flatMap(IpAddress::tryParse)
                .ifPresent(address -> addresses.add(Prefix.host(address)));
        return addresses;
    }
}
