package dev.tombolo.netlink.nft;

import dev.tombolo.model.net.Prefix;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** The fewest of the given ranges that hold all of them: an interval set of nftables refuses overlapping elements. */
final class RangeCover {
    private RangeCover() {}

    static SortedSet<Prefix> of(Collection<Prefix> ranges) {
        var cover = new TreeSet<Prefix>();
        // In this order a range comes right after the shortest one that contains it, or after that one's contents.
        Prefix widest = null;
        for (var range : new TreeSet<>(ranges)) {
            if (widest == null || !widest.contains(range)) {
                cover.add(range);
                widest = range;
            }
        }
        return cover;
    }
}
