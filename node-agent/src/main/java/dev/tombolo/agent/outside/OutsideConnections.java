package dev.tombolo.agent.outside;

import dev.tombolo.agent.service.Frontend;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.outside.ConnectionCensus;
import dev.tombolo.bpf.outside.ServiceTranslation;
import dev.tombolo.bpf.outside.ServiceTuple;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.bpf.service.ServiceScope;
import dev.tombolo.model.net.SocketEndpoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The kernel's count of connections under the names that the plans use. */
final class OutsideConnections {
    private OutsideConnections() {}

    static Map<Frontend, Map<SocketEndpoint, Integer>> of(
            BpfMap<ServiceTuple, ServiceTranslation> connections, Collection<Frontend> wanted) throws BpfException {
        var frontends = new HashMap<ServiceKey, Frontend>();
        // Packets from outside come to no other: those are of sockets.
        wanted.stream()
                .filter(frontend -> frontend.scope() == ServiceScope.EVERYBODY)
                .forEach(frontend -> frontends.put(key(frontend), frontend));
        var named = new HashMap<Frontend, Map<SocketEndpoint, Integer>>();
        ConnectionCensus.count(connections, frontends.keySet())
                .forEach((key, backends) -> named.put(frontends.get(key), backends));
        return named;
    }

    static Map<Frontend, Integer> named(Map<ServiceKey, Integer> counted) {
        var named = new HashMap<Frontend, Integer>();
        counted.forEach((key, count) ->
                named.put(new Frontend(new SocketEndpoint(key.address(), key.port()), key.protocol()), count));
        return named;
    }

    private static ServiceKey key(Frontend frontend) {
        return new ServiceKey(frontend.endpoint().address(), frontend.endpoint().port(), frontend.protocol());
    }
}
