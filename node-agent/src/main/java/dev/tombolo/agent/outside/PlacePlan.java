package dev.tombolo.agent.outside;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.agent.path.TunnelRoute;
import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import java.util.Optional;

/**
 * Where a backend is: here, on a node that is a neighbour, or on one of another cluster that answers for this one. Of all
 * others answers come back through this node: nobody on the way to them would lead a packet for a service's address there.
 */
final class PlacePlan {
    /** What a packet gets around it on its way through the tunnel: IPv4 and GRE with a key; {@code lb_envelope} in C. */
    static final int ENVELOPE = 28;

    private PlacePlan() {}

    /** @param node the backend's */
    static Optional<BackendPlace> place(IpAddress backend, KubeNode node, boolean here, NodeNetwork network) {
        var addresses = node.internalIps().stream()
                .filter(address -> address.isV4() == backend.isV4())
                .toList();
        if (here) {
            return addresses.stream().findFirst().map(BackendPlace::here);
        }
        return addresses.stream()
                .flatMap(address -> network.addresses().stream()
                        .filter(own -> isNeighbour(own, address))
                        .flatMap(own -> network.link(own.device()).stream())
                        .filter(Link::isEthernet)
                        .map(link -> BackendPlace.beside(address, link.index())))
                .findFirst();
    }

    /** @param route to the backend's cluster */
    static Optional<BackendPlace> throughTunnel(TunnelRoute route, NodeNetwork network) {
        return route.source()
                .filter(IpAddress::isV4)
                .flatMap(own -> network.link(route.device())
                        .map(tunnel -> new BackendPlace(own, tunnel.index(), route.mtu() - ENVELOPE)));
    }

    private static boolean isNeighbour(InterfaceAddress own, IpAddress address) {
        return own.address().isV4() == address.isV4()
                && own.length() < address.bits()
                && new Prefix(own.address(), own.length()).contains(address);
    }
}
