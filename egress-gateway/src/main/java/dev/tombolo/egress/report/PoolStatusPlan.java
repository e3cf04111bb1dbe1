package dev.tombolo.egress.report;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.RankedPools;
import dev.tombolo.egress.report.PoolStatus.Condition;
import dev.tombolo.egress.report.PoolStatus.Type;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.egress.EgressPoolReading;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The status of every pool, also of those that were refused. */
public final class PoolStatusPlan {
    private static final int SHOWN = 3;

    private final EgressState state;
    private final RankedPools pools;
    private final Set<IpAddress> fixed;
    private final Map<EgressAddress, List<String>> waiting = new HashMap<>();

    private PoolStatusPlan(EgressState state, EgressDecisions decisions) {
        this.state = state;
        pools = RankedPools.of(state.pools());
        fixed = own(decisions).flatMap(PoolStatusPlan::addresses).collect(Collectors.toSet());
        own(decisions)
                .forEach(policy -> policy.gateways().stream()
                        .map(gateway -> gateway.address())
                        .filter(EgressAddress.OfPool.class::isInstance)
                        .distinct()
                        .forEach(asked -> waiting.computeIfAbsent(asked, _ -> new ArrayList<>())
                                .add("policy " + policy.name())));
    }

    /** Those with gateways here: only they get addresses of pools. */
    private Stream<EgressPolicy> own(EgressDecisions decisions) {
        return decisions.policies().stream()
                .filter(policy ->
                        policy.preferences().cluster().orElse(state.self()).equals(state.self()));
    }

    private static Stream<IpAddress> addresses(EgressPolicy policy) {
        return policy.gateways().stream()
                .map(gateway -> gateway.address())
                .filter(EgressAddress.Fixed.class::isInstance)
                .map(address -> ((EgressAddress.Fixed) address).address());
    }

    /** The decisions must have been made from the state, and the state with the pools that were read. */
    public static Map<String, PoolStatus> statuses(
            Collection<EgressPoolReading> readings, EgressState state, EgressDecisions decisions) {
        var plan = new PoolStatusPlan(state, decisions);
        var statuses = new TreeMap<String, PoolStatus>();
        readings.forEach(reading -> statuses.put(reading.name(), plan.status(reading)));
        return statuses;
    }

    private PoolStatus status(EgressPoolReading reading) {
        var invalid = invalid(reading);
        if (reading.pool().isEmpty()) {
            return new PoolStatus(
                    "",
                    0,
                    0,
                    List.of(
                            Condition.of(Type.Ready, false, "Invalid", invalid.message()),
                            Condition.of(Type.Conflict, false, "None", ""),
                            invalid,
                            Condition.of(Type.Exhausted, false, "Invalid", "")));
        }
        var pool = reading.pool().get();
        long total = total(pool);
        long used = fixed.stream()
                .filter(address -> pools.of(address).equals(Optional.of(pool)))
                .count();
        var conflict = conflict(pool);
        return new PoolStatus(
                listed(pool.ranges()),
                total,
                used,
                List.of(ready(pool, total, conflict), conflict, invalid, exhausted(pool)));
    }

    private long total(EgressPool pool) {
        return older(pool).findAny().isEmpty()
                ? pool.size()
                : Stream.of(true, false)
                        .flatMap(v4 -> pools.addresses(pool, v4))
                        .count();
    }

    private Condition ready(EgressPool pool, long total, Condition conflict) {
        if (total == 0) {
            return Condition.of(Type.Ready, false, "NoAddress", conflict.message());
        }
        boolean placed = state.nodes().stream()
                .filter(node -> node.id().cluster().equals(state.self()))
                .anyMatch(node -> pool.nodes().matches(node.labels()));
        return placed
                ? Condition.of(Type.Ready, true, "InForce", "")
                : Condition.of(
                        Type.Ready,
                        false,
                        "NoNodeMatches",
                        "no node has the labels [" + pool.nodes() + "]; label one, or change the nodeSelector");
    }

    private Condition conflict(EgressPool pool) {
        var lost = older(pool)
                .flatMap(other -> pool.ranges().stream()
                        .filter(range -> other.ranges().stream().anyMatch(range::overlaps))
                        .map(range -> range + " overlaps pool " + other.name()))
                .toList();
        return lost.isEmpty()
                ? Condition.of(Type.Conflict, false, "None", "")
                : Condition.of(
                        Type.Conflict,
                        true,
                        "SameAddresses",
                        listed(lost) + "; the older pool has the addresses that are in both, then the first by name");
    }

    /** Whoever still asks for an address after all have been given got none. */
    private Condition exhausted(EgressPool pool) {
        var without = waiting.getOrDefault(new EgressAddress.OfPool(pool.name()), List.of());
        return without.isEmpty()
                ? Condition.of(Type.Exhausted, false, "NoneWaits", "")
                : Condition.of(
                        Type.Exhausted,
                        true,
                        "NoFreeAddress",
                        "none is free for " + listed(without)
                                + ", whose packets are dropped; add a range, or delete policies that have one");
    }

    /** Those that come before it and have some of its addresses. */
    private Stream<EgressPool> older(EgressPool pool) {
        return pools.pools().stream()
                .takeWhile(other -> !other.equals(pool))
                .filter(other -> other.ranges().stream()
                        .anyMatch(theirs -> pool.ranges().stream().anyMatch(theirs::overlaps)));
    }

    private static Condition invalid(EgressPoolReading reading) {
        if (reading.refused().isEmpty()) {
            return Condition.of(Type.Invalid, false, "SpecAccepted", "");
        }
        boolean whole = reading.pool().isEmpty();
        return Condition.of(Type.Invalid, true, whole ? "SpecRefused" : "RangesRefused", listed(reading.refused()));
    }

    /** The first few; a status has to stay small. */
    private static String listed(List<?> problems) {
        String shown = problems.stream().limit(SHOWN).map(Object::toString).collect(Collectors.joining("; "));
        return problems.size() > SHOWN ? shown + "; and " + (problems.size() - SHOWN) + " more" : shown;
    }
}
