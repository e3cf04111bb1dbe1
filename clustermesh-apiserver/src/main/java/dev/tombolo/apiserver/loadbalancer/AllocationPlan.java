package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.apiserver.loadbalancer.Allocation.Verdict;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which Service has which addresses: first everybody keeps what they may keep, then those get an address who ask for a
 * certain one, then the others; among each, the oldest first. Pure, and the order of what it is given is of no importance.
 */
final class AllocationPlan {
    private final RankedAddressPools pools;
    private final Map<IpAddress, SharedAddress> shared = new HashMap<>();
    private final SharingGroups groups = new SharingGroups();
    private final Map<ObjectKey, List<IpAddress>> given = new HashMap<>();
    private final Map<ObjectKey, List<Verdict>> missing = new HashMap<>();
    private final FreeAddresses free = new FreeAddresses(shared::containsKey);

    private AllocationPlan(RankedAddressPools pools) {
        this.pools = pools;
    }

    static Map<ObjectKey, Allocation> allocations(RankedAddressPools pools, Collection<LoadBalancerService> services) {
        var plan = new AllocationPlan(pools);
        var byAge = services.stream().sorted(LoadBalancerService.AGE).toList();
        byAge.forEach(plan::keep);
        byAge.forEach(plan::grantRequested);
        byAge.forEach(plan::grantAny);
        var allocations = new TreeMap<ObjectKey, Allocation>();
        plan.given.forEach((key, addresses) -> allocations.put(key, new Allocation(addresses, plan.verdict(key))));
        return allocations;
    }

    private Verdict verdict(ObjectKey key) {
        var problems = missing.getOrDefault(key, List.of());
        return problems.isEmpty() ? Verdict.SATISFIED : problems.getFirst();
    }

    private void keep(LoadBalancerService service) {
        given.put(service.key(), new ArrayList<>());
        service.held().stream()
                .filter(address -> isAskedFor(service, address) && pools.letsKeep(service, address))
                .forEach(address -> take(service, address));
    }

    private static boolean isAskedFor(LoadBalancerService service, IpAddress address) {
        if (service.requested().unclear()) {
            return true;
        }
        var requested = service.requested().addresses();
        return requested.isEmpty() ? service.wants(address.isV4()) : requested.contains(address);
    }

    /** Says why not, if it cannot. */
    private Optional<String> take(LoadBalancerService service, IpAddress address) {
        var present = shared.get(address);
        var refusal = present == null ? Optional.<String>empty() : present.refusal(service.sharing());
        if (refusal.isPresent()) {
            return refusal;
        }
        if (present == null) {
            shared.put(address, new SharedAddress(service.sharing()));
        } else {
            present.add(service.sharing());
        }
        groups.add(service.sharing(), address);
        given.get(service.key()).add(address);
        return Optional.empty();
    }

    private void fail(LoadBalancerService service, Verdict verdict) {
        missing.computeIfAbsent(service.key(), _ -> new ArrayList<>()).add(verdict);
    }

    private void grantRequested(LoadBalancerService service) {
        service.requested()
                .refused()
                .forEach(refused -> fail(service, Verdict.unsatisfied("invalid_request", refused.toString())));
        for (var address : service.requested().addresses()) {
            if (!given.get(service.key()).contains(address)) {
                refusal(service, address)
                        .or(() -> take(service, address).map(reason -> taken(service, address, reason)))
                        .ifPresent(verdict -> fail(service, verdict));
            }
        }
    }

    /** Why no pool gives the address to the service. */
    private Optional<Verdict> refusal(LoadBalancerService service, IpAddress address) {
        var containing = pools.containing(address);
        var giving = containing.stream().filter(pools::gives).findFirst();
        if (giving.isEmpty()) {
            String cause = containing.isEmpty()
                    ? "No pool contains " + address + "; add it to one, or ask for another"
                    : "No pool that contains " + address + " gives it: " + pools.whyNot(containing.getFirst());
            return Optional.of(Verdict.unsatisfied("no_pool", cause));
        }
        String pool = giving.get().name();
        if (!giving.get().services().matches(service.label())) {
            return Optional.of(Verdict.unsatisfied(
                    "pool_selector_mismatch",
                    "The pool " + pool + ", which contains " + address + ", does not select this service"));
        }
        return RankedAddressPools.isFree(giving.get(), address)
                ? Optional.empty()
                : Optional.of(Verdict.unsatisfied(
                        "already_allocated",
                        address + " is the first or last address of a block of pool " + pool
                                + ", which keeps those (allowFirstLastIPs: No)"));
    }

    private static Verdict taken(LoadBalancerService service, IpAddress address, String reason) {
        return service.sharing().key().isEmpty()
                ? Verdict.unsatisfied("already_allocated", address + " is allocated to another service")
                : Verdict.unsatisfied(
                        "already_allocated_incompatible_service",
                        address + " is allocated to a service with which this one cannot share it: " + reason);
    }

    private void grantAny(LoadBalancerService service) {
        var requested = service.requested();
        if (requested.addresses().isEmpty() && !requested.unclear()) {
            Stream.of(true, false)
                    .filter(service::wants)
                    .filter(v4 -> given.get(service.key()).stream().noneMatch(address -> address.isV4() == v4))
                    .forEach(v4 -> grant(service, v4));
        }
    }

    private void grant(LoadBalancerService service, boolean v4) {
        if (sharesOne(service, v4)) {
            return;
        }
        for (var pool : pools.pools()) {
            // A full pool is left behind before its selector is asked.
            var address = pools.gives(pool) ? free.lowest(pool, v4) : Optional.<IpAddress>empty();
            if (address.isPresent() && pools.gives(pool, service)) {
                take(service, address.get());
                return;
            }
        }
        fail(service, new NothingLeft(pools, service, v4).verdict());
    }

    private boolean sharesOne(LoadBalancerService service, boolean v4) {
        return groups.free(service.sharing())
                .filter(address -> address.isV4() == v4 && isGiven(address, service))
                .anyMatch(address -> take(service, address).isEmpty());
    }

    private boolean isGiven(IpAddress address, LoadBalancerService service) {
        return pools.containing(address).stream()
                .anyMatch(pool -> pools.gives(pool, service) && RankedAddressPools.isFree(pool, address));
    }
}
