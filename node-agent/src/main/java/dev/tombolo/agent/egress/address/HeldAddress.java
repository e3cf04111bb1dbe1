package dev.tombolo.agent.egress.address;

import java.util.Map;
import java.util.Optional;

/**
 * An egress address that policies name and that this node has now.
 *
 * @param pool the EgressIPPool that it is of; empty for one that an administrator has put on a device
 * @param labels of the policies that name it, and of the pool, whose values go before theirs
 */
public record HeldAddress(Optional<String> pool, Map<String, String> labels) {
    public HeldAddress {
        labels = Map.copyOf(labels);
    }
}
