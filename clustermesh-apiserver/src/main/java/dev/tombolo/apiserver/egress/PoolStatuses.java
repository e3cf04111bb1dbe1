package dev.tombolo.apiserver.egress;

import dev.tombolo.apiserver.derive.ShownStatuses;
import dev.tombolo.egress.report.PoolStatus;
import dev.tombolo.egress.report.PoolStatus.Type;
import dev.tombolo.egress.report.PoolStatusPlan;
import dev.tombolo.kube.object.EgressPoolObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes into every pool of egress addresses what it has come to. Used by one thread. */
final class PoolStatuses {
    private final EgressStatusController.Reports reports;
    private final ShownStatuses<EgressPoolObject, EgressPoolObject.Status> shown = new ShownStatuses<>();
    private final Map<String, Map<Type, String>> told = new HashMap<>();

    PoolStatuses(EgressStatusController.Reports reports) {
        this.reports = reports;
    }

    void forget() {
        shown.clear();
        told.clear();
    }

    /** The decisions were made with the pools. */
    void show(List<EgressPoolObject> pools, DecidedPolicies.Decided decided, Instant now) throws IOException {
        shown.retain(pools.stream().map(EgressPoolObject::name).toList());
        told.keySet().retainAll(pools.stream().map(EgressPoolObject::uid).toList());
        var statuses = PoolStatusPlan.statuses(decided.basis().pools(), decided.state(), decided.decisions());
        var failures = new ArrayList<IOException>();
        for (var pool : pools) {
            try {
                show(pool, statuses.get(pool.name()), now);
            } catch (IOException failure) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private void show(EgressPoolObject pool, PoolStatus found, Instant now) throws IOException {
        var status = status(pool.generation(), found, shown.before(pool.name(), pool.uid(), pool.status()), now);
        if (!shown.isOnItsWay(pool.name(), pool, status) && !status.equals(pool.status())) {
            reports.poolStatus(pool.name(), status);
        }
        shown.put(pool.name(), pool.uid(), pool, status);
        tell(pool, status);
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
