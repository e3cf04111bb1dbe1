package dev.tombolo.bpf.service;

import java.util.HashSet;
import java.util.List;

/**
 * Who answers a service.
 *
 * @param backends in address order, each address and port once
 * @param refuseWhenEmpty with no active backend connections are refused; otherwise they go on untouched, to whatever
 *     else serves the address
 */
public record ServiceEntry(List<ServiceBackend> backends, boolean refuseWhenEmpty) {
    public ServiceEntry {
        backends = backends.stream().sorted(ServiceBackend.ORDER).toList();
        var seen = new HashSet<>();
        for (var backend : backends) {
            if (!seen.add(List.of(backend.address(), backend.port()))) {
                throw new IllegalArgumentException("backend " + backend + " is listed twice");
            }
        }
    }
}
