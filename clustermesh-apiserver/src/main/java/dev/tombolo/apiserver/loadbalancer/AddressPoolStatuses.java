package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.apiserver.derive.KindStatuses;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.ObservedCondition;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes into every pool of addresses for services what it has come to. Used by one thread. */
final class AddressPoolStatuses {
    private final LoadBalancerController.Reports reports;
    private final KindStatuses<AddressPoolObject, AddressPoolObject.Status> shown;
    private final Map<String, Map<String, String>> told = new HashMap<>();

    AddressPoolStatuses(LoadBalancerController.Reports reports) {
        this.reports = reports;
        this.shown = new KindStatuses<>(
                AddressPoolObject::name, AddressPoolObject::uid, AddressPoolObject::status, reports::poolStatus);
    }

    void forget() {
        shown.forget();
        told.clear();
    }

    void show(
            List<AddressPoolObject> pools, Function<AddressPoolObject, List<ObservedCondition>> conditions, Instant now)
            throws IOException {
        told.keySet().retainAll(pools.stream().map(AddressPoolObject::uid).toList());
        var failure = shown.show(pools, (pool, before) -> status(conditions.apply(pool), before, now), this::tell);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static AddressPoolObject.Status status(
            List<ObservedCondition> conditions, AddressPoolObject.Status before, Instant now) {
        return new AddressPoolObject.Status(conditions.stream()
                .map(condition -> condition.after(before.conditions(), now))
                .toList());
    }

    /** Of each change once; what the pool said before this process is known already. */
    private void tell(AddressPoolObject pool, AddressPoolObject.Status status) throws IOException {
        var known = told.computeIfAbsent(
                pool.uid(), _ -> AddressPoolEventPlan.known(pool.status().conditions()));
        for (var event : AddressPoolEventPlan.events(known, status.conditions())) {
            reports.poolEvent(pool, event);
        }
        known.putAll(AddressPoolEventPlan.known(status.conditions()));
    }
}
