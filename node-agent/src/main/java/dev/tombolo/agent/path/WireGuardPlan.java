package dev.tombolo.agent.path;

import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.MeshNode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Which remote nodes become WireGuard peers, and what each of them may carry. */
public final class WireGuardPlan {
    private WireGuardPlan() {}

    /**
     * The peer for one public key.
     *
     * @param claimants the nodes that publish the key, in order; the first keeps it, because WireGuard knows a peer by
     *     its key alone
     * @param endpoints what lives behind the first claimant; looked at only where the node owns no range
     */
    public static Optional<TunnelPeer> peer(List<MeshNode> claimants, Collection<MeshEndpoint> endpoints) {
        return claimants.stream().findFirst().flatMap(node -> peer(node, endpoints));
    }

    private static Optional<TunnelPeer> peer(MeshNode node, Collection<MeshEndpoint> endpoints) {
        var underlay = underlay(node);
        if (underlay.isEmpty()
                || node.wireGuardKey().isEmpty()
                || node.tunnelAddresses().isEmpty()) {
            return Optional.empty();
        }
        var allowed = new TreeSet<Prefix>();
        node.tunnelAddresses().forEach(address -> allowed.add(Prefix.host(address)));
        if (node.podRanges().isEmpty()) {
            endpoints.forEach(endpoint -> allowed.add(endpoint.prefix()));
        }
        allowed.addAll(node.podRanges());
        // A prefix that holds the peer's own endpoint would send the tunnel's packets through the tunnel: a black hole.
        allowed.removeIf(prefix -> node.internalAddresses().stream().anyMatch(prefix::contains));
        return Optional.of(new TunnelPeer(node.id(), new SocketEndpoint(underlay.get(), port(node)), allowed));
    }

    /** Where the node is reached outside the tunnel. */
    public static Optional<IpAddress> underlay(MeshNode node) {
        var addresses = node.internalAddresses();
        return addresses.stream()
                .filter(IpAddress::isV4)
                .findFirst()
                .or(() -> addresses.stream().findFirst());
    }

    private static int port(MeshNode node) {
        return node.wireGuardPort() == 0 ? MeshNode.DEFAULT_WIREGUARD_PORT : node.wireGuardPort();
    }
}
