package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.model.loadbalancer.AddressBlock;
import dev.tombolo.model.loadbalancer.AddressPool;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The lowest address of each block that nobody has. While a plan is made none is given back, so that each block is walked
 * once, and never further than there are addresses taken.
 */
final class FreeAddresses {
    private final Predicate<IpAddress> taken;

    /** Where to look on; empty for a block that is full. */
    private final Map<AddressRange, Optional<IpAddress>> next = new HashMap<>();

    FreeAddresses(Predicate<IpAddress> taken) {
        this.taken = taken;
    }

    Optional<IpAddress> lowest(AddressPool pool, boolean v4) {
        return pool.blocks().stream()
                .map(AddressBlock::free)
                .filter(range -> range.isV4() == v4)
                .flatMap(range -> lowest(range).stream())
                .findFirst();
    }

    private Optional<IpAddress> lowest(AddressRange range) {
        var candidate = next.getOrDefault(range, Optional.of(range.first()));
        while (candidate.filter(taken).isPresent()) {
            candidate =
                    candidate.filter(address -> !address.equals(range.last())).map(address -> address.plus(1));
        }
        next.put(range, candidate);
        return candidate;
    }
}
