package dev.tombolo.bgp.plan;

import dev.tombolo.model.net.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An address that pods leave with and that this node owns now.
 *
 * @param pool the EgressIPPool that it is of; empty for one that an administrator has put on a device
 * @param labels of the pool, or of the policy that names the address
 */
public record EgressOffer(IpAddress address, Optional<String> pool, Map<String, String> labels) {
    /** What a selector can name it by beside labels. */
    public static final String POOL = "egress.tombolo.dev/pool";

    public EgressOffer {
        labels = Map.copyOf(labels);
    }

    Map<String, String> selectable() {
        var all = new HashMap<>(labels);
        pool.ifPresent(name -> all.put(POOL, name));
        return all;
    }
}
