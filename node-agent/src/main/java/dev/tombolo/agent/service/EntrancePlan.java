package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.service.ForwardingMode;
import dev.tombolo.model.service.ServedServices;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Under which addresses this node serves a service: the cluster's own, and those that clients outside use. */
final class EntrancePlan {
    private static final List<IpAddress> LOOPBACKS = List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1"));

    private EntrancePlan() {}

    /**
     * @param served whether other services are left to kube-proxy, and loopback with them
     * @param nodeAddresses of this node, at which ports of nodes are served
     */
    static List<Entrance> entrances(
            KubeService service,
            ServedServices served,
            ForwardingMode forwarding,
            Collection<IpAddress> nodeAddresses) {
        var entrances = new ArrayList<Entrance>();
        for (var port :
                service.ports().stream().filter(KubeService.Port::isServed).toList()) {
            for (var address : service.clusterIps()) {
                var endpoint = new SocketEndpoint(address, port.port());
                entrances.add(Entrance.of(endpoint, port, Clients.OF_CLUSTER, service.internalLocal()));
            }
            outside(service, port, nodeAddresses, entrances);
            if (served == ServedServices.ALL && port.nodePort() > 0) {
                loopback(port, entrances);
            }
        }
        boolean together = service.sessionAffinitySeconds() > 0;
        return entrances.stream()
                .filter(entrance -> isOfItsFamilies(service, entrance))
                .map(entrance -> entrance.together(together).direct(isDirect(entrance, forwarding)))
                .toList();
    }

    /** A service of one family has no backends of the other, and whoever has the other's address serves it. */
    private static boolean isOfItsFamilies(KubeService service, Entrance entrance) {
        boolean v4 = entrance.frontend().endpoint().address().isV4();
        return service.clusterIps().stream().anyMatch(address -> address.isV4() == v4);
    }

    /** What is handed on still has the address that it was sent to: a port of this node is none of the other's. */
    private static boolean isDirect(Entrance entrance, ForwardingMode forwarding) {
        return entrance.clients().reach() == Reach.OUTSIDE
                && forwarding.isDirect(entrance.frontend().protocol());
    }

    /**
     * Backends of this node alone are for clients outside, and
     * whoever is inside has all of them; but not where clients have to be of certain ranges, which only a packet tells.
     */
    private static void outside(
            KubeService service, KubeService.Port port, Collection<IpAddress> nodeAddresses, List<Entrance> entrances) {
        var outside = service.outside();
        var reach = outside.localOnly() ? Reach.OUTSIDE_LOCAL : Reach.OUTSIDE;
        if (service.type() == KubeService.Type.LOAD_BALANCER) {
            var clients = Clients.of(reach, outside.clients().map(Set::copyOf));
            add(service.loadBalancerIps(), port.port(), port, clients, entrances);
        }
        add(outside.externalIps(), port.port(), port, Clients.of(reach), entrances);
        if (port.nodePort() > 0) {
            var ofNode = outside.localOnly() ? Reach.NODE_PORT_LOCAL : Reach.NODE_PORT;
            add(nodeAddresses, port.nodePort(), port, Clients.of(ofNode), entrances);
        }
    }

    private static void loopback(KubeService.Port port, List<Entrance> entrances) {
        LOOPBACKS.stream()
                .map(address -> new SocketEndpoint(address, port.nodePort()))
                .forEach(endpoint -> entrances.add(Entrance.within(ServiceScope.HOST, endpoint, port)));
    }

    private static void add(
            Collection<IpAddress> addresses,
            int number,
            KubeService.Port port,
            Clients clients,
            List<Entrance> entrances) {
        boolean nodeOnly = clients.reach().isLocal();
        for (var address : addresses) {
            var endpoint = new SocketEndpoint(address, number);
            entrances.add(Entrance.of(endpoint, port, clients, nodeOnly));
            if (nodeOnly && clients.ranges().isEmpty()) {
                entrances.add(Entrance.within(ServiceScope.INSIDE, endpoint, port));
            }
        }
    }
}
