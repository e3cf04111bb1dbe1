package dev.tombolo.bpf.service;

import dev.tombolo.model.net.IpAddress;
import java.util.Comparator;

/**
 * One place where a service is answered.
 *
 * @param weight its share of new connections, next to those of the others; 0 where it is found that its share is another one
 */
public record ServiceBackend(IpAddress address, int port, int clusterId, BackendState state, int weight) {
    /** The greatest weight. */
    public static final int MOST = 0xFFFF;

    static final Comparator<ServiceBackend> ORDER =
            Comparator.comparing(ServiceBackend::address).thenComparingInt(ServiceBackend::port);

    /** With the same share as each of the others. */
    public ServiceBackend(IpAddress address, int port, int clusterId, BackendState state) {
        this(address, port, clusterId, state, 1);
    }

    public ServiceBackend {
        if (weight < 0 || weight > MOST) {
            throw new IllegalArgumentException("weight " + weight + " is not within 0–" + MOST);
        }
    }

    /** The same, with a share that is not known. */
    ServiceBackend ofUnknownShare() {
        return new ServiceBackend(address, port, clusterId, state, 0);
    }
}
