package dev.tombolo.agent.ipcache;

import dev.tombolo.agent.index.Index;
import dev.tombolo.agent.mesh.RemotePrefix;
import dev.tombolo.bpf.ipcache.IpcacheEntry;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Who each remote address belongs to: pods as their cluster announces them, tunnel addresses as remote nodes. */
public final class IpcacheDerivation {
    private IpcacheDerivation() {}

    public static Derivation<Prefix, IpcacheEntry> start(
            Table<ClusterName, PeerDeclaration> declared,
            Table<RemotePrefix, MeshEndpoint> endpoints,
            Table<NodeId, MeshNode> nodes,
            Table<Prefix, IpcacheEntry> out) {
        var byPrefix = new Index<Prefix, RemotePrefix, MeshEndpoint>(endpoints, (key, _) -> List.of(key.prefix()));
        var byTunnel = new Index<Prefix, NodeId, MeshNode>(
                nodes,
                (_, node) -> node.tunnelAddresses().stream().map(Prefix::host).toList());
        return Derivation.into(out)
                .from(endpoints, byPrefix::update)
                .from(nodes, byTunnel::update)
                .keys(() -> {
                    var prefixes = new HashSet<>(byPrefix.rebuild());
                    prefixes.addAll(byTunnel.rebuild());
                    return prefixes;
                })
                .row(prefix -> pod(declared, byPrefix, endpoints, prefix)
                        .or(() -> byTunnel.keys(prefix).stream()
                                .findFirst()
                                .flatMap(nodes.snapshot()::get)
                                .map(node -> entry(
                                        SecurityIdentity.REMOTE_NODE,
                                        node.clusterId().value()))))
                .start();
    }

    private static Optional<IpcacheEntry> pod(
            Table<ClusterName, PeerDeclaration> declared,
            Index<Prefix, RemotePrefix, MeshEndpoint> byPrefix,
            Table<RemotePrefix, MeshEndpoint> endpoints,
            Prefix prefix) {
        return byPrefix.keys(prefix).stream()
                .findFirst()
                .flatMap(key -> declared.snapshot()
                        .get(key.cluster())
                        .flatMap(peer -> endpoints
                                .snapshot()
                                .get(key)
                                .map(endpoint ->
                                        entry(endpoint.identity(), peer.id().value()))));
    }

    private static IpcacheEntry entry(SecurityIdentity identity, int cluster) {
        return new IpcacheEntry((int) identity.value(), 0, cluster, 0);
    }
}
