package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.apiserver.loadbalancer.RankedAddressPools.Conflict;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.loadbalancer.AddressPool;
import dev.tombolo.model.loadbalancer.AddressPoolReading;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The conditions of a pool: Cilium's, and one of ours where some of it is not understood. Without times. */
final class AddressPoolStatusPlan {
    static final String CONFLICT = "cilium.io/PoolConflict";
    static final String TOTAL = "cilium.io/IPsTotal";
    static final String USED = "cilium.io/IPsUsed";
    static final String INVALID = "tombolo.dev/Invalid";
    private static final int SHOWN = 3;

    private final RankedAddressPools pools;
    private final Set<IpAddress> held;

    AddressPoolStatusPlan(RankedAddressPools pools, Collection<Allocation> allocations) {
        this.pools = pools;
        held = allocations.stream()
                .flatMap(allocation -> allocation.addresses().stream())
                .collect(Collectors.toSet());
    }

    List<ObservedCondition> conditions(AddressPoolReading reading, long generation) {
        var conditions = new ArrayList<ObservedCondition>();
        conditions.add(conflict(reading.name(), generation));
        conditions.addAll(counts(reading.pool(), generation));
        if (!reading.refused().isEmpty()) {
            String reason = reading.pool().isEmpty() ? "SpecRefused" : "BlocksRefused";
            conditions.add(ObservedCondition.of(INVALID, "True", generation, reason, listed(reading.refused())));
        }
        return conditions;
    }

    private ObservedCondition conflict(String pool, long generation) {
        var conflict = pools.conflicts().get(pool);
        return conflict == null
                ? ObservedCondition.of(CONFLICT, "False", generation, "resolved", "")
                : ObservedCondition.of(CONFLICT, "True", generation, "cidr_overlap", message(pool, conflict));
    }

    private static String message(String pool, Conflict conflict) {
        String whose = conflict.pool().equals(pool) ? "the same pool" : "the older pool '" + conflict.pool() + "'";
        return "range '" + text(conflict.range()) + "' overlaps range '" + text(conflict.other()) + "' of " + whose
                + ": no address is given from this pool until one of the two is changed; what was given stays";
    }

    private static String text(AddressRange range) {
        return range.first() + " - " + range.last();
    }

    /** As Cilium has them: numbers in the messages, because those of IPv6 fit into no other field. */
    private List<ObservedCondition> counts(Optional<AddressPool> pool, long generation) {
        var here =
                pool.map(some -> held.stream().filter(some::contains).toList()).orElse(List.of());
        var used = BigInteger.valueOf(here.size());
        // One of those that are kept back may be held, from before they were.
        long keptBack = here.stream()
                .filter(address -> !RankedAddressPools.isFree(pool.orElseThrow(), address))
                .count();
        var total = pool.map(AddressPool::size).orElse(BigInteger.ZERO).add(BigInteger.valueOf(keptBack));
        return List.of(
                count(TOTAL, total, generation),
                count("cilium.io/IPsAvailable", total.subtract(used), generation),
                count(USED, used, generation));
    }

    private static ObservedCondition count(String type, BigInteger count, long generation) {
        return ObservedCondition.of(type, "Unknown", generation, "noreason", count.toString());
    }

    /** The first few; a status has to stay small. */
    private static String listed(List<?> problems) {
        String shown = problems.stream().limit(SHOWN).map(Object::toString).collect(Collectors.joining("; "));
        return problems.size() > SHOWN ? shown + "; and " + (problems.size() - SHOWN) + " more" : shown;
    }
}
