package dev.tombolo.agent.wiring;

import dev.tombolo.agent.service.Frontend;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.agent.service.ServiceCounts;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.service.ServiceName;
import dev.tombolo.reconciler.table.Snapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is behind services. Sums are of all of them; series of their own have the first by name only, so that a node has
 * no more of them than {@link #MOST} services make, however many the cluster has. Refreshed by one thread.
 */
final class ServiceMetrics {
    static final int MOST = 1_000;

    private final ClusterName self;
    private final MultiGauge services;
    private final MultiGauge backends;
    private final MultiGauge ofService;
    private final MultiGauge connections;
    private final MultiGauge withheld;
    private long seen = -1;

    ServiceMetrics(ClusterName self, MeterRegistry metrics) {
        this.self = self;
        services = gauge(metrics, "tombolo_served_services", "services that this node serves");
        backends = gauge(
                metrics, "tombolo_backends", "addresses behind all services that are served, by state and cluster");
        ofService = gauge(
                metrics,
                "tombolo_service_backends",
                "addresses behind a service, by state and cluster; of the first 1000 services by name");
        connections = gauge(
                metrics,
                "tombolo_service_connections",
                "connections from outside that this node takes to a service's backends; of the same services");
        withheld = gauge(
                metrics,
                "tombolo_service_series_withheld",
                "services that are served and have no series of their own, since there are too many");
    }

    private static MultiGauge gauge(MeterRegistry metrics, String name, String what) {
        return MultiGauge.builder(name).description(what).register(metrics);
    }

    /** @param counted connections from outside, by what they came to */
    void refresh(Snapshot<ServiceName, ServedService> served, Map<Frontend, Integer> counted) {
        var shown = served.values().limit(MOST).toList();
        connections.register(
                shown.stream().map(service -> connections(service, counted)).toList(), true);
        // With thousands of services this is work, and mostly nothing has changed.
        if (served.revision() != seen) {
            seen = served.revision();
            backends(served, shown);
        }
    }

    private void backends(Snapshot<ServiceName, ServedService> served, List<ServedService> shown) {
        var sum = ServiceCounts.NONE;
        for (var service : served.values().toList()) {
            sum = sum.plus(ServiceCounts.of(service, self));
        }
        var rows = new ArrayList<Row<?>>();
        shown.forEach(service -> rows.addAll(rows(
                ServiceCounts.of(service, self),
                Tags.of("service", service.name().toString()))));
        ofService.register(rows, true);
        backends.register(rows(sum, Tags.empty()), true);
        services.register(List.of(Row.of(Tags.empty(), served.size())), true);
        withheld.register(List.of(Row.of(Tags.empty(), served.size() - shown.size())), true);
    }

    /** Active ones always: that there are none is what somebody wants to hear of. */
    private static List<Row<?>> rows(ServiceCounts counts, Tags of) {
        var rows = new ArrayList<Row<?>>();
        Map.of("local", counts.here(), "remote", counts.elsewhere())
                .forEach((where, states) -> states.forEach((state, count) -> {
                    if (count > 0 || state == ServiceCounts.State.ACTIVE) {
                        String word = state.name().toLowerCase(Locale.ROOT);
                        rows.add(Row.of(of.and("cluster", where).and("state", word), count));
                    }
                }));
        return rows;
    }

    private static Row<?> connections(ServedService service, Map<Frontend, Integer> counted) {
        int sum = service.ports().keySet().stream()
                .mapToInt(frontend -> counted.getOrDefault(frontend, 0))
                .sum();
        return Row.of(Tags.of("service", service.name().toString()), sum);
    }
}
