package dev.tombolo.bpf.outside;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.model.net.SocketEndpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Counts connections from outside by service and backend. */
public final class ConnectionCensus {
    private ConnectionCensus() {}

    /** One pass over all connections, for some services: memory is needed for their backends only. */
    public static Map<ServiceKey, Map<SocketEndpoint, Integer>> count(
            BpfMap<ServiceTuple, ServiceTranslation> connections, Set<ServiceKey> services) throws BpfException {
        var counts = new HashMap<ServiceKey, Map<SocketEndpoint, Integer>>();
        connections.forEach((key, half) -> {
            if (!key.isToService()) {
                return;
            }
            var service = key.service();
            if (services.contains(service)) {
                counts.computeIfAbsent(service, _ -> new HashMap<>())
                        .merge(new SocketEndpoint(half.address(), half.port()), 1, Integer::sum);
            }
        });
        return counts;
    }
}
