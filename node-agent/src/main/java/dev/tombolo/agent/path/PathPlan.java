package dev.tombolo.agent.path;

import dev.tombolo.model.endpoint.MeshEndpoint;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which remote addresses can be reached now, and by which address. A row exists only while everything under it is known
 * to be in place (peer, route, ipcache entry), so that no connection is sent where it would be lost.
 */
public final class PathPlan {
    private PathPlan() {}

    /**
     * The path to a pod: its entry is in the ipcache, and the peer that carries it and the route to it are applied.
     *
     * @param peer the applied peer of the node behind which the pod lives
     */
    public static Optional<Path> toPod(
            IpAddress address, MeshEndpoint endpoint, MeshNode node, TunnelPeer peer, Predicate<IpAddress> routed) {
        boolean carried = peer.allowed().stream().anyMatch(prefix -> prefix.contains(address));
        return endpoint.prefix().equals(Prefix.host(address)) && carried && routed.test(address)
                ? Optional.of(new Path(node.id(), address))
                : Optional.empty();
    }

    /**
     * The path to a host-network backend: its underlay address is outside the tunnel, so its tunnel address is used.
     *
     * @param ready addresses that have a route into the tunnel and an ipcache entry
     */
    public static Optional<Path> toHost(MeshNode node, TunnelPeer peer, Predicate<IpAddress> ready) {
        return node.tunnelAddresses().stream()
                .filter(address -> peer.allowed().contains(Prefix.host(address)) && ready.test(address))
                .findFirst()
                .map(address -> new Path(node.id(), address));
    }
}
