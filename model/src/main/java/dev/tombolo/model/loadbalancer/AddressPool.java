package dev.tombolo.model.loadbalancer;

import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Addresses for Services of type LoadBalancer.
 *
 * @param blocks in the order in which they were written
 * @param services those that may have an address of it
 * @param disabled whether it gives none any more; what was given stays
 */
public record AddressPool(
        String name, Instant created, List<AddressBlock> blocks, LabelSelector services, boolean disabled) {
    /** Of two pools with the same addresses the younger one is at fault, then the last one by name. */
    public static final Comparator<AddressPool> RANK =
            Comparator.comparing(AddressPool::created).thenComparing(AddressPool::name);

    public AddressPool {
        blocks = List.copyOf(blocks);
    }

    public boolean contains(IpAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    /** How many addresses it may give; a block of IPv6 alone can have more than a long counts. */
    public BigInteger size() {
        return blocks.stream().map(block -> block.free().count()).reduce(BigInteger.ZERO, BigInteger::add);
    }
}
