package dev.tombolo.agent.wiring;

import dev.tombolo.agent.bgp.BgpTimes;
import dev.tombolo.model.bgp.PeerId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Times of what routers are told as histograms, one for each router. */
final class BgpTimers implements BgpTimes {
    private static final Duration[] BUCKETS = Stream.of(5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry metrics;
    private final Map<PeerId, Timer> withdrawals = new ConcurrentHashMap<>();
    private final Map<PeerId, Timer> detections = new ConcurrentHashMap<>();

    BgpTimers(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    static Tags labels(PeerId peer) {
        return Tags.of("instance", peer.instance(), "peer", peer.peer());
    }

    @Override
    public void withdrawn(PeerId peer, Duration time) {
        withdrawals.computeIfAbsent(peer, this::withdrawal).record(time);
    }

    @Override
    public void detected(PeerId peer, Duration time) {
        detections.computeIfAbsent(peer, this::detection).record(time);
    }

    private Timer detection(PeerId peer) {
        return Timer.builder("tombolo_bgp_bfd_detection")
                .tags(labels(peer))
                .description("from the last that BFD heard of a router to giving it up")
                .serviceLevelObjectives(BUCKETS)
                .register(metrics);
    }

    private Timer withdrawal(PeerId peer) {
        return Timer.builder("tombolo_bgp_withdrawal")
                .tags(labels(peer))
                .description("from a change seen in Kubernetes or etcd to the acknowledged withdrawal of a route")
                .serviceLevelObjectives(BUCKETS)
                .register(metrics);
    }
}
