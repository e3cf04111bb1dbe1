package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;
import java.util.Comparator;

/** One place where a service is answered. */
public record ServiceBackend(IpAddress address, int port, int clusterId, BackendState state) {
    static final Comparator<ServiceBackend> ORDER =
            Comparator.comparing(ServiceBackend::address).thenComparingInt(ServiceBackend::port);
}
