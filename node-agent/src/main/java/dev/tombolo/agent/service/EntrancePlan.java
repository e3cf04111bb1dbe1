package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
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
    static List<Entrance> entrances(KubeService service, ServedServices served, Collection<IpAddress> nodeAddresses) {
        var entrances = new ArrayList<Entrance>();
        for (var port : service.ports()) {
            for (var address : service.clusterIps()) {
                var endpoint = new SocketEndpoint(address, port.port());
                entrances.add(Entrance.of(endpoint, port, Clients.OF_CLUSTER, service.internalLocal()));
            }
            outside(service, port, nodeAddresses, entrances);
            if (served == ServedServices.ALL && port.nodePort() > 0) {
                loopback(service, port, entrances);
            }
        }
        boolean together = service.sessionAffinitySeconds() > 0;
        return entrances.stream().map(entrance -> entrance.together(together)).toList();
    }

    /**
     * Of IPv4 only: the programs at the uplinks know no other. Backends of this node alone are for clients outside, and
     * whoever is inside has all of them; but not where clients have to be of certain ranges, which only a packet tells.
     */
    private static void outside(
            KubeService service, KubeService.Port port, Collection<IpAddress> nodeAddresses, List<Entrance> entrances) {
        var outside = service.outside();
        var reach = outside.localOnly() ? Reach.OUTSIDE_LOCAL : Reach.OUTSIDE;
        if (service.type() == KubeService.Type.LOAD_BALANCER) {
            var clients = new Clients(reach, outside.clients().map(Set::copyOf), false);
            add(service.loadBalancerIps(), port.port(), port, clients, entrances);
        }
        add(outside.externalIps(), port.port(), port, Clients.of(reach), entrances);
        if (port.nodePort() > 0) {
            var ofNode = outside.localOnly() ? Reach.NODE_PORT_LOCAL : Reach.NODE_PORT;
            add(nodeAddresses, port.nodePort(), port, Clients.of(ofNode), entrances);
        }
    }

    /** In the families of the service. */
    private static void loopback(KubeService service, KubeService.Port port, List<Entrance> entrances) {
        for (var loopback : LOOPBACKS) {
            if (service.clusterIps().stream().anyMatch(address -> address.isV4() == loopback.isV4())) {
                var endpoint = new SocketEndpoint(loopback, port.nodePort());
                entrances.add(Entrance.within(ServiceScope.HOST, endpoint, port));
            }
        }
    }

    private static void add(
            Collection<IpAddress> addresses,
            int number,
            KubeService.Port port,
            Clients clients,
            List<Entrance> entrances) {
        boolean nodeOnly = clients.reach().isLocal();
        for (var address : addresses) {
            if (address.isV4()) {
                var endpoint = new SocketEndpoint(address, number);
                entrances.add(Entrance.of(endpoint, port, clients, nodeOnly));
                if (nodeOnly && clients.ranges().isEmpty()) {
                    entrances.add(Entrance.within(ServiceScope.INSIDE, endpoint, port));
                }
            }
        }
    }
}
