package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.model.loadbalancer.AddressBlock;
import dev.tombolo.model.loadbalancer.AddressPool;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The lowest address of each pool that nobody has. While a plan is made none is given back, so that each block is walked
 * once, and never further than there are addresses taken.
 */
final class FreeAddresses {
    private final Predicate<IpAddress> taken;
    private final Map<String, Deque<AddressRange>> v4 = new HashMap<>();
    private final Map<String, Deque<AddressRange>> v6 = new HashMap<>();

    FreeAddresses(Predicate<IpAddress> taken) {
        this.taken = taken;
    }

    Optional<IpAddress> lowest(AddressPool pool, boolean ofV4) {
        var left = (ofV4 ? v4 : v6).computeIfAbsent(pool.name(), _ -> ranges(pool, ofV4));
        while (!left.isEmpty()) {
            var range = left.pop();
            if (!taken.test(range.first())) {
                left.push(range);
                return Optional.of(range.first());
            }
            if (!range.first().equals(range.last())) {
                left.push(new AddressRange(range.first().plus(1), range.last()));
            }
        }
        return Optional.empty();
    }

    private static Deque<AddressRange> ranges(AddressPool pool, boolean ofV4) {
        var ranges = new ArrayDeque<AddressRange>();
        pool.blocks().stream()
                .map(AddressBlock::free)
                .filter(range -> range.isV4() == ofV4)
                .forEach(ranges::add);
        return ranges;
    }
}
