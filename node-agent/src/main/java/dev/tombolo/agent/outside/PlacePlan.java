package dev.tombolo.agent.outside;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.bpf.outside.BackendPlace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import java.util.Optional;

/**
 * Where a backend of this cluster is: here, or on a node that is a neighbour. Of all others answers come back through this
 * node: nobody on the way to them would lead a packet for a service's address there.
 */
final class PlacePlan {
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

    private static boolean isNeighbour(InterfaceAddress own, IpAddress address) {
        return own.address().isV4() == address.isV4()
                && own.length() < address.bits()
                && new Prefix(own.address(), own.length()).contains(address);
    }
}
