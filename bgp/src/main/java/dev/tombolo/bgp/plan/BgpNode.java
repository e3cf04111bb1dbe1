package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The node that speaks.
 *
 * @param addresses its own inside the cluster; the first of a family counts
 */
public record BgpNode(String name, Map<String, String> labels, List<IpAddress> addresses) {
    public BgpNode {
        labels = Map.copyOf(labels);
        addresses = List.copyOf(addresses);
    }

    Optional<IpAddress> address(BgpFamily family) {
        return NodeNetwork.first(addresses, family);
    }
}
