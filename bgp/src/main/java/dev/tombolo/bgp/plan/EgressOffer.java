package dev.tombolo.bgp.plan;

import dev.tombolo.model.net.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An address that pods leave with and that this node owns now.
 *
 * @param pool the EgressIPPool that it is of; empty for one that an administrator has put on a device
 * @param labels of the pool, or of the policy that names the address
 * @param epoch rises with every owner; empty for an address that does not move
 */
public record EgressOffer(IpAddress address, Optional<String> pool, Map<String, String> labels, OptionalLong epoch) {
    /** What a selector can name it by beside labels. */
    public static final String POOL = "egress.tombolo.dev/pool";

    private static final long MED_OF_NO_OWNER = Integer.MAX_VALUE;

    public EgressOffer {
        labels = Map.copyOf(labels);
    }

    Map<String, String> selectable() {
        var all = new HashMap<>(labels);
        pool.ifPresent(name -> all.put(POOL, name));
        return all;
    }

    /**
     * Falls with each owner: a node that was not told yet that it has lost an address goes on telling it, and routers are to
     * follow the one that took it last.
     */
    OptionalLong med() {
        return epoch.isPresent()
                ? OptionalLong.of(Math.max(0, MED_OF_NO_OWNER - epoch.getAsLong()))
                : OptionalLong.empty();
    }
}
