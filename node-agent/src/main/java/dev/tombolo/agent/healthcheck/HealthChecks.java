package dev.tombolo.agent.healthcheck;

import dev.tombolo.agent.index.Index;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.service.ServedServices;
import dev.tombolo.reconciler.derive.Derivation;
import dev.tombolo.reconciler.loop.Reconciler;
import dev.tombolo.reconciler.table.Table;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Answers at {@code healthCheckNodePort} of services, in place of kube-proxy: where kube-proxy runs the ports are its own,
 * and nothing is opened.
 */
public final class HealthChecks implements AutoCloseable {
    private static final Duration FULL_PASS = Duration.ofSeconds(30);

    private final Derivation<ObjectKey, HealthCheck> planned;
    private final Reconciler<ObjectKey, HealthCheck> listening;
    private final HealthCheckServer server;

    /**
     * @param node this one
     * @param healthy whether the node serves as its tables say
     */
    public HealthChecks(
            ServedServices served,
            String node,
            Table<ObjectKey, KubeService> services,
            Table<ObjectKey, KubeEndpointSlice> slices,
            BooleanSupplier healthy,
            Clock clock) {
        var wanted = new Table<ObjectKey, HealthCheck>("health checks");
        var byService =
                new Index<ObjectKey, ObjectKey, KubeEndpointSlice>(slices, (_, slice) -> List.of(slice.service()));
        boolean isOurs = served == ServedServices.ALL;
        planned = Derivation.into(wanted)
                .from(services, key -> isOurs ? List.of(key) : List.of())
                .from(slices, key -> isOurs ? byService.update(key) : List.<ObjectKey>of())
                .keys(() -> {
                    byService.rebuild();
                    return isOurs ? keys(services) : Set.of();
                })
                .row(key -> services.snapshot().get(key).flatMap(service -> {
                    var rows = slices.snapshot();
                    var own = byService.keys(key).stream()
                            .flatMap(slice -> rows.get(slice).stream())
                            .toList();
                    return HealthCheckPlan.plan(service, own, node);
                }))
                .start();
        server = new HealthCheckServer(healthy);
        listening = new Reconciler<>(wanted, server, FULL_PASS, clock, RandomGenerator.getDefault()).start();
    }

    private static Set<ObjectKey> keys(Table<ObjectKey, KubeService> services) {
        return services.snapshot().stream().map(row -> row.getKey()).collect(Collectors.toSet());
    }

    /** One whose port cannot be opened is a failure of it. */
    public Reconciler<ObjectKey, ?> reconciler() {
        return listening;
    }

    @Override
    public void close() {
        planned.close();
        listening.close();
        server.close();
    }
}
