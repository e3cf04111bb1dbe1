package dev.tombolo.kube.object;

import dev.tombolo.model.net.IpAddress;
import java.util.List;

/**
 * What a Service says of its clients outside, whatever its type.
 *
 * @param externalIps addresses that somebody leads to the cluster's nodes
 * @param localOnly whether a node serves them by backends of its own only, which see the client's address
 * @param isRestricted whether only some clients may use its load balancer's addresses
 */
public record OutsideAccess(List<IpAddress> externalIps, boolean localOnly, boolean isRestricted) {
    /** Of a Service that says nothing. */
    public static final OutsideAccess NONE = new OutsideAccess(List.of(), false, false);

    public OutsideAccess {
        externalIps = List.copyOf(externalIps);
    }
}
