package dev.tombolo.apiserver;

import dev.tombolo.apiserver.loadbalancer.AddressPoolMeasures;
import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.reconciler.table.Table;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;

/** What pools of addresses for services have left, brought up to date every few seconds on a thread of its own. */
final class AddressMetrics implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Table<String, AddressPoolObject> pools;
    private final MultiGauge addresses;
    private final MultiGauge used;
    private final MultiGauge conflicts;
    private final Thread thread;

    AddressMetrics(
            Table<String, AddressPoolObject> pools, Table<ObjectKey, KubeService> services, MeterRegistry metrics) {
        this.pools = pools;
        addresses = gauge(metrics, "tombolo_lb_pool_addresses", "addresses of a pool that services can be given");
        used = gauge(metrics, "tombolo_lb_pool_addresses_used", "addresses of a pool that services have");
        conflicts = gauge(
                metrics, "tombolo_lb_pool_conflict", "1 for a pool that overlaps an older one and gives no address");
        Gauge.builder("tombolo_lb_services_pending", services, AddressMetrics::pending)
                .description("services that have not got the addresses that they ask for")
                .register(metrics);
        thread = Thread.ofVirtual().name("metrics of addresses").unstarted(this::run);
    }

    AddressMetrics start() {
        thread.start();
        return this;
    }

    private static MultiGauge gauge(MeterRegistry metrics, String name, String what) {
        return MultiGauge.builder(name).description(what).register(metrics);
    }

    private static long pending(Table<ObjectKey, KubeService> services) {
        return services.snapshot()
                .values()
                .filter(AddressPoolMeasures::isPending)
                .count();
    }

    private void run() {
        try {
            while (true) {
                refresh();
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    void refresh() {
        var totals = new ArrayList<Row<?>>();
        var uses = new ArrayList<Row<?>>();
        var overlaps = new ArrayList<Row<?>>();
        for (var pool : pools.snapshot().values().toList()) {
            AddressPoolMeasures.of(pool).ifPresent(measures -> {
                var name = Tags.of("pool", pool.name());
                totals.add(Row.of(name, measures.total()));
                uses.add(Row.of(name, measures.used()));
                overlaps.add(Row.of(name, measures.conflicts() ? 1 : 0));
            });
        }
        addresses.register(totals, true);
        used.register(uses, true);
        conflicts.register(overlaps, true);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
