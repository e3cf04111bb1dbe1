package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.apiserver.derive.OwnKinds;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.kube.object.ObservedCondition;
import dev.tombolo.model.loadbalancer.AddressPoolReading;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Gives Services of type LoadBalancer addresses of pools, and writes into every pool what it has come to. Works only while
 * it is elected, where the kind is ours, and once there was a pool. {@link #pass()} is called by one thread.
 */
public final class LoadBalancerController {
    private final Table<String, AddressPoolObject> pools;
    private final Table<ObjectKey, KubeService> services;
    private final BooleanSupplier elected;
    private final Clock clock;
    private final OwnKinds kinds;
    private final WrittenServices written;
    private final AddressPoolStatuses statuses;

    /** That there are no pools is news only after there were some: before, nobody here gave anything out. */
    private boolean anyPoolSeen;

    /** Tells people. */
    public interface Reports {
        /** Whether the pools are ours to give out: where they are Cilium's own, Cilium does. */
        boolean wanted() throws IOException;

        /** Returns false where the service is not as it was read; then nothing is written. */
        boolean addresses(KubeService read, List<IpAddress> addresses, Optional<ObservedCondition> condition)
                throws IOException;

        /** Whether a service is as it was read, or as it was written. */
        boolean isAsRead(KubeService service) throws IOException;

        void poolStatus(String pool, AddressPoolObject.Status status) throws IOException;

        void poolEvent(AddressPoolObject pool, AddressPoolEventPlan.PoolEvent event) throws IOException;
    }

    public LoadBalancerController(
            Table<String, AddressPoolObject> pools,
            Table<ObjectKey, KubeService> services,
            Reports reports,
            BooleanSupplier elected,
            Clock clock) {
        this.pools = pools;
        this.services = services;
        this.elected = elected;
        this.clock = clock;
        this.kinds = new OwnKinds(reports::wanted, clock);
        this.written = new WrittenServices(reports, clock);
        this.statuses = new AddressPoolStatuses(reports);
    }

    /** The tables after whose changes a pass is due. */
    public List<Table<?, ?>> inputs() {
        return List.of(pools, services);
    }

    public void pass() throws IOException {
        var objects = pools.snapshot();
        anyPoolSeen |= objects.size() > 0;
        if (!elected.getAsBoolean()) {
            written.forget();
            statuses.forget();
            return;
        }
        var known = services.snapshot();
        boolean complete = objects.initialized() && known.initialized();
        if (complete && anyPoolSeen && areOurs(objects.size() == 0)) {
            plan(objects.values().toList(), written.merged(known.values().toList()));
        }
    }

    /** Where a kind that is gone has taken its last pool along, that is no reason to take addresses away. */
    private boolean areOurs(boolean noPools) throws IOException {
        return noPools ? kinds.areOursNow() : kinds.areOurs();
    }

    private void plan(List<AddressPoolObject> objects, Collection<KubeService> known) throws IOException {
        var readings = objects.stream().collect(Collectors.toMap(AddressPoolObject::name, AddressPoolObject::reading));
        var ranked = RankedAddressPools.of(readings.values());
        var allocations = AllocationPlan.allocations(
                ranked,
                known.stream()
                        .filter(service -> ServiceChangePlan.isConcerned(service, ranked))
                        .map(LoadBalancerService::of)
                        .toList());
        try {
            written.write(ServiceChangePlan.changes(known, ranked, allocations, clock.instant()));
        } finally {
            // A service that cannot be written keeps no pool waiting.
            show(objects, readings, new AddressPoolStatusPlan(ranked, allocations.values()));
        }
    }

    private void show(
            List<AddressPoolObject> objects, Map<String, AddressPoolReading> readings, AddressPoolStatusPlan plan)
            throws IOException {
        statuses.show(objects, pool -> plan.conditions(readings.get(pool.name()), pool.generation()), clock.instant());
    }
}
