package dev.tombolo.bpf.service;

import java.util.Optional;

/** Whose row it is: one address and port may have several. In the order of {@code enum service_scope} in C. */
public enum ServiceScope {
    EVERYBODY,
    /** Of sockets on this node, where the row for everybody is not for them. */
    INSIDE,
    /** Of sockets of the node's own network namespace, at a port of nodes on loopback. */
    HOST;

    private static final ServiceScope[] ALL = values();

    /** Empty for one that only a later version knows. */
    static Optional<ServiceScope> of(int number) {
        return number < ALL.length ? Optional.of(ALL[number]) : Optional.empty();
    }
}
