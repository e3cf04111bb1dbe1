package dev.tombolo.agent.service;

import dev.tombolo.kube.object.KubeEndpointSlice.Endpoint;
import dev.tombolo.kube.object.KubeEndpointSlice.Hints;
import dev.tombolo.model.net.SocketEndpoint;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which ready endpoints of a port are meant for this node, by the hints that the control plane writes where a Service asks for it
 * ({@code spec.trafficDistribution}). As kube-proxy does it: those of the node, or else of its zone; and all of them, unless
 * each has a hint of that kind and one fits. Hints that are half written must not take endpoints away.
 */
final class TopologyPlan {
    private TopologyPlan() {}

    /** An endpoint at a port of a service. */
    record Place(Endpoint endpoint, int port) {
        SocketEndpoint socket() {
            return new SocketEndpoint(endpoint.address(), port);
        }
    }

    /** @param zone of this node; empty where it is not known */
    static List<Place> nearby(List<Place> ready, String node, String zone) {
        if (meantFor(ready, Hints::nodes, node)) {
            return fitting(ready, Hints::nodes, node);
        }
        return meantFor(ready, Hints::zones, zone) ? fitting(ready, Hints::zones, zone) : ready;
    }

    private static boolean meantFor(List<Place> ready, Function<Hints, Set<String>> kind, String here) {
        boolean allSay = ready.stream()
                .noneMatch(place -> kind.apply(place.endpoint().hints()).isEmpty());
        return allSay && !fitting(ready, kind, here).isEmpty();
    }

    private static List<Place> fitting(List<Place> ready, Function<Hints, Set<String>> kind, String here) {
        return ready.stream()
                .filter(place -> kind.apply(place.endpoint().hints()).contains(here))
                .toList();
    }
}
