package dev.tombolo.agent.wiring;

import dev.tombolo.agent.egress.load.EgressMeasures;
import dev.tombolo.agent.egress.load.EgressMeasures.AddressMeasures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What an egress gateway has in use, before it is exhausted. Refreshed by one thread. */
final class EgressMetrics {
    private final MeterRegistry metrics;
    private final MultiGauge connections;
    private final MultiGauge addressConnections;
    private final MultiGauge ports;
    private final MultiGauge entries;
    private final MultiGauge capacity;
    private final Map<String, Long> refused = new ConcurrentHashMap<>();

    EgressMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
        connections = gauge("tombolo_egress_connections", "connections that this gateway translates, by policy");
        addressConnections = gauge(
                "tombolo_egress_address_connections", "connections that this gateway translates, by egress address");
        ports = gauge(
                "tombolo_egress_ports_used_ratio",
                "share of an egress address's ports in use towards the destination that has most of them, 0 to 1");
        entries = gauge("tombolo_egress_nat_entries", "entries for connections, two for each");
        capacity = gauge("tombolo_egress_nat_capacity", "entries for connections that there is room for");
    }

    private MultiGauge gauge(String name, String what) {
        return MultiGauge.builder(name).description(what).register(metrics);
    }

    void refresh(EgressMeasures measures) {
        var policies = new ArrayList<Row<?>>();
        measures.connections().forEach((policy, count) -> policies.add(Row.of(Tags.of("policy", policy), count)));
        connections.register(policies, true);
        addressConnections.register(rows(measures, AddressMeasures::connections), true);
        ports.register(rows(measures, AddressMeasures::usedRatio), true);
        entries.register(List.of(Row.of(Tags.empty(), measures.entries())), true);
        capacity.register(List.of(Row.of(Tags.empty(), measures.capacity())), true);
        measures.addresses().forEach((address, of) -> count("tombolo_egress_refused", address, of.refused()));
    }

    private static List<Row<?>> rows(EgressMeasures measures, ToDoubleFunction<AddressMeasures> value) {
        var rows = new ArrayList<Row<?>>();
        measures.addresses()
                .forEach((address, of) -> rows.add(Row.of(Tags.of("egress_ip", address), value.applyAsDouble(of))));
        return rows;
    }

    private void count(String name, String address, long value) {
        if (refused.put(address, value) == null) {
            FunctionCounter.builder(name, refused, all -> all.get(address))
                    .tags("egress_ip", address)
                    .register(metrics);
        }
    }
}
