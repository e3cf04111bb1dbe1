package dev.tombolo.agent.bgp;

import dev.tombolo.agent.service.Frontend;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.reconciler.table.Table;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this node's kernel serves. Whoever is sent here before would be answered by nobody.
 *
 * @param services which ones it is to serve; where that is all of them there is no kube-proxy
 * @param frontends that it has, with their backends
 * @param outside with a row once packets from outside are looked at
 */
public record Served(ServedServices services, Table<Frontend, ServiceEntry> frontends, Table<String, Boolean> outside) {
    /**
     * Whether kube-proxy, or whoever its labels name, serves a service too.
     *
     * @param ours the service as this agent serves it, if it does
     */
    boolean isProxied(Optional<ServedService> ours) {
        return services != ServedServices.ALL || ours.isEmpty();
    }

    /**
     * Addresses for clients outside that are not served yet, of a service that this agent serves.
     *
     * @param addresses of the service
     */
    Set<IpAddress> pending(ServedService service, Collection<IpAddress> addresses) {
        return addresses.stream().filter(address -> !serves(service, address)).collect(Collectors.toSet());
    }

    private boolean serves(ServedService service, IpAddress address) {
        var there = frontends.snapshot();
        var places = service.ports().keySet().stream()
                .filter(frontend -> frontend.endpoint().address().equals(address))
                .toList();
        return outside.snapshot().size() > 0
                && !places.isEmpty()
                && places.stream().map(there::get).allMatch(Optional::isPresent);
    }
}
