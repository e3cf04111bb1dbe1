package dev.tombolo.apiserver.egress;

import dev.tombolo.apiserver.derive.KindStatuses;
import dev.tombolo.egress.report.PoolStatus;
import dev.tombolo.egress.report.PoolStatus.Type;
import dev.tombolo.egress.report.PoolStatusPlan;
import dev.tombolo.kube.object.EgressPoolObject;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes into every pool of egress addresses what it has come to. Used by one thread. */
final class PoolStatuses {
    private final EgressStatusController.Reports reports;
    private final KindStatuses<EgressPoolObject, EgressPoolObject.Status> shown;
    private final Map<String, Map<Type, String>> told = new HashMap<>();

    PoolStatuses(EgressStatusController.Reports reports) {
        this.reports = reports;
        this.shown = new KindStatuses<>(
                EgressPoolObject::name, EgressPoolObject::uid, EgressPoolObject::status, reports::poolStatus);
    }

    void forget() {
        shown.forget();
        told.clear();
    }

    /** The decisions were made with the pools. */
    void show(List<EgressPoolObject> pools, DecidedPolicies.Decided decided, Instant now) throws IOException {
        told.keySet().retainAll(pools.stream().map(EgressPoolObject::uid).toList());
        var statuses = PoolStatusPlan.statuses(decided.basis().pools(), decided.state(), decided.decisions());
        var failure = shown.show(
                pools, (pool, before) -> status(pool.generation(), statuses.get(pool.name()), before, now), this::tell);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** Of each change once; what the pool said before this process is known already. */
    private void tell(EgressPoolObject pool, EgressPoolObject.Status status) throws IOException {
        var known = told.computeIfAbsent(
                pool.uid(), _ -> PoolEventPlan.known(pool.status().conditions()));
        for (var event : PoolEventPlan.events(known, status.conditions())) {
            reports.poolEvent(pool, event);
            known.put(event.type(), event.news());
        }
    }

    private static EgressPoolObject.Status status(
            long generation, PoolStatus found, EgressPoolObject.Status before, Instant now) {
        return new EgressPoolObject.Status(
                generation,
                found.ranges(),
                found.total(),
                found.used(),
                found.conditions().stream()
                        .map(said -> PolicyStatusPlan.condition(
                                said.type().name(),
                                said.truth(),
                                said.reason(),
                                said.message(),
                                before.conditions(),
                                now))
                        .toList());
    }
}
