package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.apiserver.loadbalancer.Sharing.Port;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The services that have one address; each new one is held against what the others have in common, not against each. */
final class SharedAddress {
    private final Sharing first;
    private final Set<Port> ports = new HashSet<>();

    /** One for each way in which namespaces are allowed, of which services that share have few. */
    private final List<Sharing> tenants = new ArrayList<>();

    SharedAddress(Sharing first) {
        this.first = first;
        add(first);
    }

    /** Why another service cannot have the address too; empty where it can. */
    Optional<String> refusal(Sharing other) {
        if (first.key().isEmpty() || !first.key().equals(other.key())) {
            return Optional.of("different sharing key");
        }
        if (!tenants.stream()
                .allMatch(tenant -> tenant.allows(other.namespace()) && other.allows(tenant.namespace()))) {
            return Optional.of("different and not permitted namespace");
        }
        if (other.ports().stream().anyMatch(ports::contains)) {
            return Optional.of("same port");
        }
        if (first.localOnly() != other.localOnly()) {
            return Optional.of("different externalTrafficPolicy");
        }
        // Where only nodes with a backend answer, a node with one service's backend gets the packets of all of them.
        boolean samePods = !first.pods().isEmpty() && first.pods().equals(other.pods());
        return first.localOnly() && !samePods
                ? Optional.of("externalTrafficPolicy Local, and another set of pods")
                : Optional.empty();
    }

    void add(Sharing other) {
        ports.addAll(other.ports());
        boolean known = tenants.stream()
                .anyMatch(tenant -> tenant.namespace().equals(other.namespace())
                        && tenant.namespaces().equals(other.namespaces()));
        if (!known) {
            tenants.add(other);
        }
    }
}
