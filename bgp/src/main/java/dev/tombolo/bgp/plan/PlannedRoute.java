package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpRoute;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A route, and why it is told.
 *
 * @param reasons never empty
 * @param standby whether it says that another cluster's is better
 */
public record PlannedRoute(BgpRoute route, SortedSet<Reason> reasons, boolean standby) {
    public PlannedRoute {
        reasons = Collections.unmodifiableSortedSet(new TreeSet<>(reasons));
        if (reasons.isEmpty()) {
            throw new IllegalArgumentException("no reason to tell " + route.prefix());
        }
    }

    /**
     * What asked for it.
     *
     * @param advertisement the CiliumBGPAdvertisement
     * @param subject whose address it is, for instance {@code Service shop/web LoadBalancerIP 192.0.2.10}
     */
    public record Reason(String advertisement, String subject) implements Comparable<Reason> {
        @Override
        public int compareTo(Reason other) {
            int byName = advertisement.compareTo(other.advertisement);
            return byName != 0 ? byName : subject.compareTo(other.subject);
        }
    }
}
