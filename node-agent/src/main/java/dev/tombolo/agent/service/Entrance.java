package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.Reach;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.net.SocketEndpoint;

/** One address under which a port of a service is reached, and by whom. */
record Entrance(Frontend frontend, KubeService.Port port, Reach reach) {
    static Entrance of(SocketEndpoint endpoint, KubeService.Port port, Reach reach) {
        return new Entrance(new Frontend(endpoint, port.protocol()), port, reach);
    }
}
