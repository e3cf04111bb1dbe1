package dev.tombolo.agent.egress.address;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An egress address that policies name and that this node has now.
 *
 * @param pool the EgressIPPool that it is of; empty for one that an administrator has put on a device
 * @param labels of the policies that name it, and of the pool, whose values go before theirs
 * @param epoch of its owner, where it floats: rises with every one
 */
public record HeldAddress(Optional<String> pool, Map<String, String> labels, OptionalLong epoch) {
    public HeldAddress {
        labels = Map.copyOf(labels);
    }
}
