package dev.tombolo.agent.order;

import dev.tombolo.agent.service.Frontend;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which remote addresses the kernel's services may lead to, and what waits for them to be let go. An address counts from
 * before it is written until after it is known to be gone. Guarded by {@link RemovalOrder}.
 */
final class UsedAddresses {
    private final Map<Frontend, Set<IpAddress>> byFrontend = new HashMap<>();
    private final TreeMap<IpAddress, Integer> counts = new TreeMap<>();
    private final TreeMap<IpAddress, Set<Again.Waiter<?>>> waiting = new TreeMap<>();
    private final Set<Again.Waiter<?>> waitingForFirstSight = new HashSet<>();
    private boolean seen;

    boolean isUsed(IpAddress address) {
        return counts.containsKey(address);
    }

    /** A used address of this range of which that is so. */
    Optional<IpAddress> within(Prefix range, Predicate<IpAddress> such) {
        return counts.tailMap(range.address()).keySet().stream()
                .takeWhile(range::contains)
                .filter(such)
                .findFirst();
    }

    /** Before services were read for the first time anything may be used. */
    boolean isSeen() {
        return seen;
    }

    void await(IpAddress address, Again.Waiter<?> waiter) {
        waiting.computeIfAbsent(address, _ -> new HashSet<>()).add(waiter);
    }

    void awaitFirstSight(Again.Waiter<?> waiter) {
        waitingForFirstSight.add(waiter);
    }

    void add(Frontend frontend, Set<IpAddress> addresses) {
        var held = byFrontend.computeIfAbsent(frontend, _ -> new HashSet<>());
        addresses.stream().filter(held::add).forEach(address -> counts.merge(address, 1, Integer::sum));
    }

    /** The frontend leads to these and no others; returns who waited for those that nothing leads to now. */
    List<Again.Waiter<?>> keepOnly(Frontend frontend, Set<IpAddress> addresses) {
        var held = byFrontend.getOrDefault(frontend, Set.of());
        var free = new ArrayList<Again.Waiter<?>>();
        for (IpAddress address : List.copyOf(held)) {
            if (!addresses.contains(address)) {
                held.remove(address);
                if (counts.merge(address, -1, (count, less) -> count + less == 0 ? null : count + less) == null) {
                    free.addAll(waitingFor(address));
                }
            }
        }
        if (held.isEmpty()) {
            byFrontend.remove(frontend);
        }
        return free;
    }

    /** What services really lead to now; returns who has no more reason to wait. */
    List<Again.Waiter<?>> see(Map<Frontend, Set<IpAddress>> actual) {
        actual.forEach(this::add);
        var free = new ArrayList<>(waitingForFirstSight);
        waitingForFirstSight.clear();
        seen = true;
        for (Frontend frontend : List.copyOf(byFrontend.keySet())) {
            free.addAll(keepOnly(frontend, actual.getOrDefault(frontend, Set.of())));
        }
        return free;
    }

    /** Who waits for addresses of this range, which others carry now. */
    List<Again.Waiter<?>> waitingWithin(Prefix range) {
        var addresses = waiting.tailMap(range.address()).keySet().stream()
                .takeWhile(range::contains)
                .toList();
        return addresses.stream()
                .flatMap(address -> waitingFor(address).stream())
                .toList();
    }

    private Set<Again.Waiter<?>> waitingFor(IpAddress address) {
        var waiters = waiting.remove(address);
        return waiters == null ? Set.of() : waiters;
    }
}
