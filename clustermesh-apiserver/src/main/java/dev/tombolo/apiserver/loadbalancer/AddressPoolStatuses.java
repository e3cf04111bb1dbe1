package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.apiserver.derive.ShownStatuses;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.ObservedCondition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes into every pool of addresses for services what it has come to. Used by one thread. */
final class AddressPoolStatuses {
    private final LoadBalancerController.Reports reports;
    private final ShownStatuses<AddressPoolObject, AddressPoolObject.Status> shown = new ShownStatuses<>();
    private final Map<String, Map<String, String>> told = new HashMap<>();

    AddressPoolStatuses(LoadBalancerController.Reports reports) {
        this.reports = reports;
    }

    void forget() {
        shown.clear();
        told.clear();
    }

    void show(
            List<AddressPoolObject> pools, Function<AddressPoolObject, List<ObservedCondition>> conditions, Instant now)
            throws IOException {
        shown.retain(pools.stream().map(AddressPoolObject::name).toList());
        told.keySet().retainAll(pools.stream().map(AddressPoolObject::uid).toList());
        var failures = new ArrayList<IOException>();
        for (var pool : pools) {
            try {
                show(pool, conditions.apply(pool), now);
            } catch (IOException failure) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private void show(AddressPoolObject pool, List<ObservedCondition> conditions, Instant now) throws IOException {
        var before = shown.before(pool.name(), pool.uid(), pool.status()).conditions();
        var status = new AddressPoolObject.Status(conditions.stream()
                .map(condition -> condition.after(before, now))
                .toList());
        if (!shown.isOnItsWay(pool.name(), pool, status) && !status.equals(pool.status())) {
            reports.poolStatus(pool.name(), status);
        }
        shown.put(pool.name(), pool.uid(), pool, status);
        tell(pool, status.conditions());
    }

    /** Of each change once; what the pool said before this process is known already. */
    private void tell(AddressPoolObject pool, List<ObservedCondition> conditions) throws IOException {
        var known = told.computeIfAbsent(
                pool.uid(), _ -> AddressPoolEventPlan.known(pool.status().conditions()));
        for (var event : AddressPoolEventPlan.events(known, conditions)) {
            reports.poolEvent(pool, event);
        }
        known.putAll(AddressPoolEventPlan.known(conditions));
    }
}
