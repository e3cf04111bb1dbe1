package dev.tombolo.kube.object;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What a Service says of its clients outside, whatever its type.
 *
 * @param externalIps addresses that somebody leads to the cluster's nodes
 * @param localOnly whether a node serves them by backends of its own only, which see the client's address
 * @param clients of what ranges they have to be to use its load balancer's addresses; absent where it does not say, empty
 *     where nothing that it says is understood
 * @param healthCheckNodePort where load balancers ask a node whether it has a backend; 0 for none
 */
public record OutsideAccess(
        List<IpAddress> externalIps, boolean localOnly, Optional<List<Prefix>> clients, int healthCheckNodePort) {
    /** Of a Service that says nothing. */
    public static final OutsideAccess NONE = new OutsideAccess(List.of(), false, Optional.empty());

    /** Of a Service that no load balancer asks about. */
    public OutsideAccess(List<IpAddress> externalIps, boolean localOnly, Optional<List<Prefix>> clients) {
        this(externalIps, localOnly, clients, 0);
    }

    public OutsideAccess {
        externalIps = List.copyOf(externalIps);
        clients = clients.map(List::copyOf);
    }
}
