package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.Clients;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.SocketEndpoint;

/**
 * One address under which a port of a service is reached, and by whom.
 *
 * @param nodeOnly whether only backends of this node serve there
 */
record Entrance(Frontend frontend, KubeService.Port port, Clients clients, boolean nodeOnly) {
    static Entrance of(SocketEndpoint endpoint, KubeService.Port port, Clients clients, boolean nodeOnly) {
        return new Entrance(new Frontend(endpoint, port.protocol()), port, clients, nodeOnly);
    }

    /** Of sockets on this node, by whichever backends there are. */
    static Entrance within(ServiceScope scope, SocketEndpoint endpoint, KubeService.Port port) {
        var frontend = new Frontend(endpoint, port.protocol(), scope);
        return new Entrance(frontend, port, Clients.OF_CLUSTER, false);
    }

    /** The same, answered by the nodes of the backends or through this one. */
    Entrance direct(boolean direct) {
        return new Entrance(frontend, port, clients.direct(direct), nodeOnly);
    }

    /** The same, for clients one by one or connection by connection. */
    Entrance together(boolean together) {
        return new Entrance(frontend, port, clients.together(together), nodeOnly);
    }
}
