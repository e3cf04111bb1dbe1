package dev.tombolo.bpf.service;

import java.util.Arrays;
import java.util.List;

/**
 * Who answers a service.
 *
 * @param backends in address order, each address and port once
 * @param refuseWhenEmpty with no active backend connections are refused; otherwise they go on untouched, to whatever
 *     else serves the address
 */
public record ServiceEntry(List<ServiceBackend> backends, boolean refuseWhenEmpty, Clients clients) {
    /** Of a service that is reached from inside the cluster only. */
    public ServiceEntry(List<ServiceBackend> backends, boolean refuseWhenEmpty) {
        this(backends, refuseWhenEmpty, Clients.OF_CLUSTER);
    }

    public ServiceEntry {
        var sorted = backends.toArray(ServiceBackend[]::new);
        Arrays.sort(sorted, ServiceBackend.ORDER);
        for (int i = 1; i < sorted.length; i++) {
            if (ServiceBackend.ORDER.compare(sorted[i - 1], sorted[i]) == 0) {
                throw new IllegalArgumentException("backend " + sorted[i] + " is listed twice");
            }
        }
        backends = List.of(sorted);
    }

    public Reach reach() {
        return clients.reach();
    }
}
