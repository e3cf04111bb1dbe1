package dev.tombolo.agent.wiring;

import dev.tombolo.agent.mesh.ApplyTimes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Times of changes as histograms, one for each table; the buckets lie around the budget of 20 and 100 ms. */
final class ApplyTimers implements ApplyTimes {
    private static final Duration[] BUCKETS = Stream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry metrics;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    ApplyTimers(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void took(String table, Duration time) {
        timers.computeIfAbsent(table, this::timer).record(time);
    }

    private Timer timer(String table) {
        return Timer.builder("tombolo_apply")
                .tag("table", table)
                .description("from a change seen in etcd or Kubernetes to the kernel, for the oldest change of a batch")
                .serviceLevelObjectives(BUCKETS)
                .register(metrics);
    }
}
