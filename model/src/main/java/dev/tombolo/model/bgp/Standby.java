package dev.tombolo.model.bgp;

import dev.tombolo.model.cluster.ClusterName;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How a route says that another cluster's is better.
 *
 * @param activeClusters those that come first; empty: all alike
 * @param prepend what a standby's path has more than an active one's
 * @param med what a standby's route has instead of its own; empty: the same
 */
public record Standby(Set<ClusterName> activeClusters, int prepend, OptionalLong med) {
    static final int PREPEND = 3;
    public static final Standby DEFAULT = new Standby(Set.of(), PREPEND, OptionalLong.empty());

    public Standby {
        activeClusters = Set.copyOf(activeClusters);
    }

    public boolean isActive(ClusterName cluster) {
        return activeClusters.isEmpty() || activeClusters.contains(cluster);
    }
}
