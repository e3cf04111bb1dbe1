package dev.tombolo.model.egress;

import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Addresses that move from node to node: a node that holds one has it on a device, and no other has.
 *
 * @param ranges by address; none overlaps another
 * @param nodes those that may hold an address, among the gateways that a policy selects
 * @param maximumPerNode how many addresses of the pool one node may hold; absent for any number
 */
public record EgressPool(
        String name, Instant created, List<AddressRange> ranges, LabelSelector nodes, OptionalInt maximumPerNode) {
    /** Whose an address is that is in two pools: the older one's, then the first one's by name. */
    public static final Comparator<EgressPool> RANK =
            Comparator.comparing(EgressPool::created).thenComparing(EgressPool::name);

    public EgressPool {
        ranges = ranges.stream().sorted().toList();
    }

    public boolean contains(IpAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /** How many addresses it has. */
    public long size() {
        return ranges.stream().mapToLong(AddressRange::size).sum();
    }
}
