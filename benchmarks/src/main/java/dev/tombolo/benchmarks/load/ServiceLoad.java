package dev.tombolo.benchmarks.load;

import dev.tombolo.benchmarks.figures.Figures;
import dev.tombolo.benchmarks.kernel.Sandbox;
import dev.tombolo.bpf.service.BackendState;
import dev.tombolo.bpf.service.ServiceBackend;
import dev.tombolo.bpf.service.ServiceEntry;
import dev.tombolo.bpf.service.ServiceKey;
import dev.tombolo.bpf.service.ServiceMaps;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One process's loads; prints one line for {@link LoadBenchmark}. */
public final class ServiceLoad {
    private static final IpAddress SERVICES = IpAddress.parse("10.96.0.1");
    private static final IpAddress BACKENDS = IpAddress.parse("198.18.0.1");
    private static final int WARM_LOADS = 10;
    private static final int CHANGES = 1_000;
    /** Backend and frontend, the two slots of the new generation; gone: the two old slots and the old backend. */
    private static final int ENTRIES_OF_A_CHANGE = 7;

    private ServiceLoad() {}

    public static void main(String[] none) throws IOException {
        long begin = System.nanoTime();
        Map<ServiceKey, ServiceEntry> rows = rows();
        double making = millis(begin);
        double cold;
        var changes = new ArrayList<Double>();
        try (var sandbox = Sandbox.open(Map.of())) {
            var services = sandbox.datapath().services();
            cold = load(services, rows);
            for (int change = 0; change < CHANGES; change++) {
                changes.add(change(services, change) / ENTRIES_OF_A_CHANGE);
            }
        }
        var warm = new ArrayList<Double>();
        double reading = 0;
        for (int i = 0; i < WARM_LOADS; i++) {
            try (var sandbox = Sandbox.open(Map.of())) {
                var services = sandbox.datapath().services();
                warm.add(load(services, rows));
                reading = read(services);
            }
        }
        var changed = Figures.of(changes);
        System.out.printf(
                "entries=%d rows_ms=%.1f cold_ms=%.1f warm_ms=%.1f read_ms=%.1f"
                        + " first_us=%.1f change_us=%.1f change_p99_us=%.1f%n",
                rows.size() * 5,
                making,
                cold,
                Figures.of(warm).median(),
                reading,
                changes.getFirst(),
                changed.median(),
                changed.quantile(0.99));
    }

    private static double load(ServiceMaps services, Map<ServiceKey, ServiceEntry> rows) {
        long begin = System.nanoTime();
        var failures = services.putAll(rows);
        double took = millis(begin);
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    "services were refused: " + failures.values().iterator().next());
        }
        return took;
    }

    private static double read(ServiceMaps services) throws IOException {
        long begin = System.nanoTime();
        int found = services.observe().size();
        double took = millis(begin);
        if (found != LoadBenchmark.SERVICES) {
            throw new IllegalStateException("of " + LoadBenchmark.SERVICES + " services the kernel holds " + found);
        }
        return took;
    }

    /** Replaces the second backend of a service; returns microseconds. */
    private static double change(ServiceMaps services, int change) throws IOException {
        int service = change * 7919 % LoadBenchmark.SERVICES;
        var entry = entry(service, 2 * LoadBenchmark.SERVICES + change);
        long begin = System.nanoTime();
        services.put(key(service), entry);
        return (System.nanoTime() - begin) / 1e3;
    }

    private static Map<ServiceKey, ServiceEntry> rows() {
        var rows = new LinkedHashMap<ServiceKey, ServiceEntry>();
        for (int service = 0; service < LoadBenchmark.SERVICES; service++) {
            rows.put(key(service), entry(service, LoadBenchmark.SERVICES + service));
        }
        return rows;
    }

    private static ServiceKey key(int service) {
        return new ServiceKey(SERVICES.plus(service), 80, Protocol.TCP);
    }

    private static ServiceEntry entry(int one, int other) {
        return new ServiceEntry(List.of(backend(one), backend(other)), true);
    }

    private static ServiceBackend backend(int number) {
        return new ServiceBackend(BACKENDS.plus(number), 8080, 1, BackendState.ACTIVE);
    }

    private static double millis(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }
}
