package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.Reach;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Under which addresses this node serves a service: the cluster's own, and those that clients outside use. */
final class EntrancePlan {
    private EntrancePlan() {}

    /** @param nodeAddresses of this node, at which ports of nodes are served */
    static List<Entrance> entrances(KubeService service, Collection<IpAddress> nodeAddresses) {
        var entrances = new ArrayList<Entrance>();
        for (var port : service.ports()) {
            for (var address : service.clusterIps()) {
                entrances.add(Entrance.of(new SocketEndpoint(address, port.port()), port, Reach.CLUSTER));
            }
            outside(service, port, nodeAddresses, entrances);
        }
        return entrances;
    }

    /** Of IPv4 only: the programs at the uplinks know no other. */
    private static void outside(
            KubeService service, KubeService.Port port, Collection<IpAddress> nodeAddresses, List<Entrance> entrances) {
        boolean local = service.outside().localOnly();
        var reach = local ? Reach.OUTSIDE_LOCAL : Reach.OUTSIDE;
        var ofNode = local ? Reach.NODE_PORT_LOCAL : Reach.NODE_PORT;
        var addresses = new ArrayList<>(service.outside().externalIps());
        // Whoever says which clients may come is better not served than by everybody.
        if (service.type() == KubeService.Type.LOAD_BALANCER
                && !service.outside().isRestricted()) {
            addresses.addAll(service.loadBalancerIps());
        }
        addresses.stream()
                .filter(IpAddress::isV4)
                .forEach(address -> entrances.add(Entrance.of(new SocketEndpoint(address, port.port()), port, reach)));
        if (port.nodePort() > 0) {
            nodeAddresses.stream()
                    .filter(IpAddress::isV4)
                    .forEach(address ->
                            entrances.add(Entrance.of(new SocketEndpoint(address, port.nodePort()), port, ofNode)));
        }
    }
}
