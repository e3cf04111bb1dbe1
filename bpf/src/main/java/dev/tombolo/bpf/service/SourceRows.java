package dev.tombolo.bpf.service;

import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfMap;
import dev.tombolo.model.net.Prefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ranges of clients in the kernel, by the id of their service; what nobody has any more is taken out when it is read. */
record SourceRows(BpfMap<ServiceSourceKey, ServiceSource> rows) {
    Map<Integer, Set<Prefix>> read() throws BpfException {
        var ranges = new HashMap<Integer, Set<Prefix>>();
        for (var key : rows.entries().keySet()) {
            ranges.computeIfAbsent(key.serviceId(), _ -> new HashSet<>()).add(key.range());
        }
        return ranges;
    }

    void add(int serviceId, Clients clients) throws BpfException {
        for (var range : clients.ranges().orElse(Set.of())) {
            rows.put(ServiceSourceKey.of(serviceId, range), ServiceSource.ALLOWED);
        }
    }

    /** Those of one that the other has not. */
    void remove(int serviceId, Clients gone, Clients kept) throws BpfException {
        remove(serviceId, gone.ranges(), kept.ranges().orElse(Set.of()));
    }

    private void remove(int serviceId, Optional<Set<Prefix>> gone, Set<Prefix> kept) throws BpfException {
        for (var range : gone.orElse(Set.of())) {
            if (!kept.contains(range)) {
                rows.delete(ServiceSourceKey.of(serviceId, range));
            }
        }
    }

    /** Of a service that is not there, before another one gets its id. */
    void removeAll(int serviceId, Set<Prefix> ranges) throws BpfException {
        remove(serviceId, Optional.of(ranges), Set.of());
    }
}
