package dev.tombolo.agent.path;

import dev.tombolo.agent.index.Index;
import dev.tombolo.agent.mesh.RemotePrefix;
import dev.tombolo.agent.probe.PathState;
import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.table.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps peers and paths planned, row by row. */
public final class PathDerivations {
    private final Table<NodeId, MeshNode> nodes;
    private final Table<RemotePrefix, MeshEndpoint> endpoints;

    public PathDerivations(Table<NodeId, MeshNode> nodes, Table<RemotePrefix, MeshEndpoint> endpoints) {
        this.nodes = nodes;
        this.endpoints = endpoints;
    }

    public Derivation<WireGuardKey, TunnelPeer> peers(Table<WireGuardKey, TunnelPeer> out) {
        var byKey = new Index<WireGuardKey, NodeId, MeshNode>(
                nodes, (_, node) -> node.wireGuardKey().stream().toList());
        var byUnderlay = new Index<IpAddress, NodeId, MeshNode>(nodes, (_, node) -> node.internalAddresses());
        var byHost = new Index<IpAddress, RemotePrefix, MeshEndpoint>(
                endpoints, (_, endpoint) -> endpoint.hostAddress().stream().toList());
        return Derivation.into(out)
                .from(nodes, node -> {
                    byUnderlay.update(node);
                    return byKey.update(node);
                })
                .from(endpoints, prefix -> keysOf(rangeless(byUnderlay, byHost.update(prefix))))
                .keys(() -> {
                    byUnderlay.rebuild();
                    byHost.rebuild();
                    return byKey.rebuild();
                })
                .row(key -> {
                    var claimants = byKey.keys(key).stream()
                            .flatMap(id -> nodes.snapshot().get(id).stream())
                            .toList();
                    return WireGuardPlan.peer(claimants, behind(byHost, claimants));
                })
                .start();
    }

    /** Only nodes without ranges of their own have peers that depend on single pods. */
    private List<MeshNode> rangeless(Index<IpAddress, NodeId, MeshNode> byUnderlay, Set<IpAddress> hosts) {
        return hosts.stream()
                .flatMap(host -> byUnderlay.keys(host).stream())
                .flatMap(id -> nodes.snapshot().get(id).stream())
                .filter(node -> node.podRanges().isEmpty())
                .toList();
    }

    private static Set<WireGuardKey> keysOf(List<MeshNode> nodes) {
        var keys = new HashSet<WireGuardKey>();
        nodes.forEach(node -> node.wireGuardKey().ifPresent(keys::add));
        return keys;
    }

    private List<MeshEndpoint> behind(Index<IpAddress, RemotePrefix, MeshEndpoint> byHost, List<MeshNode> claimants) {
        if (claimants.isEmpty() || !claimants.getFirst().podRanges().isEmpty()) {
            return List.of();
        }
        var node = claimants.getFirst();
        return node.internalAddresses().stream()
                .flatMap(host -> byHost.keys(host).stream())
                .filter(prefix -> prefix.cluster().equals(node.id().cluster()))
                .flatMap(prefix -> endpoints.snapshot().get(prefix).stream())
                .toList();
    }

    /**
     * Paths in place, from what the reconcilers have applied.
     *
     * @param ipcache applied ipcache entries, by prefix
     * @param routes applied routes into the tunnel, by range
     * @param states what is believed of the path to each node
     */
    public <E> Derivation<IpAddress, Path> paths(
            Table<WireGuardKey, TunnelPeer> peers,
            Table<Prefix, TunnelRoute> routes,
            Table<Prefix, E> ipcache,
            Table<NodeId, PathState> states,
            Table<IpAddress, Path> out) {
        var byUnderlay = new Index<IpAddress, NodeId, MeshNode>(nodes, (_, node) -> node.internalAddresses());
        var byHost = new Index<IpAddress, RemotePrefix, MeshEndpoint>(
                endpoints, (_, endpoint) -> endpoint.hostAddress().stream().toList());
        var byAddress = new Index<IpAddress, RemotePrefix, MeshEndpoint>(
                endpoints, (key, _) -> List.of(key.prefix().address()));
        var peerNode = new Index<NodeId, WireGuardKey, TunnelPeer>(peers, (_, peer) -> List.of(peer.node()));
        var byTunnel = new Index<IpAddress, NodeId, MeshNode>(nodes, (_, node) -> node.tunnelAddresses());
        return Derivation.into(out)
                .from(nodes, node -> {
                    byTunnel.update(node);
                    return around(byUnderlay.update(node), byHost);
                })
                .from(endpoints, prefix -> {
                    byHost.update(prefix);
                    return byAddress.update(prefix);
                })
                .from(peers, key -> {
                    var affected = new HashSet<IpAddress>();
                    peerNode.update(key).forEach(id -> affected.addAll(around(id, byHost)));
                    return affected;
                })
                .from(states, id -> around(id, byHost))
                .from(ipcache, prefix -> {
                    var affected = new HashSet<>(Set.of(prefix.address()));
                    byTunnel.keys(prefix.address()).forEach(id -> affected.addAll(underlay(id)));
                    return affected;
                })
                .fromAll(routes)
                .keys(() -> {
                    var addresses = new HashSet<>(byUnderlay.rebuild());
                    byHost.rebuild();
                    byTunnel.rebuild();
                    peerNode.rebuild();
                    addresses.addAll(byAddress.rebuild());
                    return addresses;
                })
                .row(address -> path(address, byUnderlay, byAddress, peerNode, peers, routes, ipcache)
                        .map(path -> path.withDead(
                                states.snapshot().get(path.node()).stream().anyMatch(PathState::isDead))))
                .start();
    }

    private Set<IpAddress> underlay(NodeId id) {
        return nodes.snapshot()
                .get(id)
                .map(node -> Set.copyOf(node.internalAddresses()))
                .orElse(Set.of());
    }

    private Set<IpAddress> around(NodeId id, Index<IpAddress, RemotePrefix, MeshEndpoint> byHost) {
        return around(underlay(id), byHost);
    }

    private static Set<IpAddress> around(Set<IpAddress> hosts, Index<IpAddress, RemotePrefix, MeshEndpoint> byHost) {
        var addresses = new HashSet<>(hosts);
        hosts.forEach(host ->
                byHost.keys(host).forEach(key -> addresses.add(key.prefix().address())));
        return addresses;
    }

    private <E> Optional<Path> path(
            IpAddress address,
            Index<IpAddress, NodeId, MeshNode> byUnderlay,
            Index<IpAddress, RemotePrefix, MeshEndpoint> byAddress,
            Index<NodeId, WireGuardKey, TunnelPeer> peerNode,
            Table<WireGuardKey, TunnelPeer> peers,
            Table<Prefix, TunnelRoute> routes,
            Table<Prefix, E> ipcache) {
        java.util.function.Predicate<IpAddress> routed = wanted -> routes.snapshot().stream()
                .anyMatch(route ->
                        route.getValue().source().isPresent() && route.getKey().contains(wanted));
        java.util.function.Predicate<IpAddress> known =
                wanted -> ipcache.snapshot().get(Prefix.host(wanted)).isPresent();
        var host = node(byUnderlay, address);
        if (host.isPresent()) {
            return host.flatMap(node -> peer(peerNode, peers, node)
                    .flatMap(peer -> PathPlan.toHost(node, peer, wanted -> known.test(wanted) && routed.test(wanted))));
        }
        if (!known.test(address)) {
            return Optional.empty();
        }
        return byAddress.keys(address).stream()
                .findFirst()
                .flatMap(endpoints.snapshot()::get)
                .flatMap(endpoint -> endpoint.hostAddress()
                        .flatMap(underlay -> node(byUnderlay, underlay))
                        .flatMap(node -> peer(peerNode, peers, node)
                                .flatMap(peer -> PathPlan.toPod(address, endpoint, node, peer, routed))));
    }

    private Optional<MeshNode> node(Index<IpAddress, NodeId, MeshNode> byUnderlay, IpAddress underlay) {
        return byUnderlay.keys(underlay).stream().findFirst().flatMap(nodes.snapshot()::get);
    }

    private static Optional<TunnelPeer> peer(
            Index<NodeId, WireGuardKey, TunnelPeer> peerNode, Table<WireGuardKey, TunnelPeer> peers, MeshNode node) {
        return peerNode.keys(node.id()).stream().findFirst().flatMap(peers.snapshot()::get);
    }
}
