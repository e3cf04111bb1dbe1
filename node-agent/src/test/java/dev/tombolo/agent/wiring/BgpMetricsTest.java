package dev.tombolo.agent.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.agent.bgp.BgpOnDemand.Detection;
import dev.tombolo.bgp.bfd.DetectorCounts;
import dev.tombolo.bgp.bfd.protocol.Drop;
import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionEnd;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.BfdStatus;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.Prefix;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BgpMetricsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final PeerId TOR = new PeerId("main", "tor");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BgpMetrics metrics = new BgpMetrics(registry);

    @Test
    void aSessionThatIsUpHasItsTimeAndItsRoutes() {
        metrics.refresh(
                status(session(SessionState.ESTABLISHED, Map.of(SessionEnd.HOLD_TIMER, 2, SessionEnd.BFD, 1))), NOW);
        assertThat(shown())
                .containsAllEntriesOf(Map.of(
                        "tombolo_bgp_session_state main tor established", 1.0,
                        "tombolo_bgp_session_uptime_seconds main tor", 60.0,
                        "tombolo_bgp_session_flaps main tor hold_timer", 2.0,
                        "tombolo_bgp_session_flaps main tor bfd", 1.0,
                        "tombolo_bgp_routes main tor desired", 4.0,
                        "tombolo_bgp_routes main tor acked", 2.0,
                        "tombolo_bgp_routes main tor pending", 1.0,
                        "tombolo_bgp_routes main tor refused", 1.0))
                .containsAllEntriesOf(Map.of(
                        "tombolo_bgp_channel_state ready", 1.0,
                        "tombolo_bgp_command_seconds", 0.002,
                        "tombolo_bgp_commands_outstanding", 6.0,
                        "tombolo_bgp_commands", 1.0,
                        "tombolo_bgp_command_errors", 2.0,
                        "tombolo_bgp_unread_lines", 3.0,
                        "tombolo_bgp_lost_events", 4.0,
                        "tombolo_bgp_resyncs", 5.0))
                .hasSize(16);
    }

    @Test
    void aSessionThatIsLostIsNotUpAndCountsOn() {
        metrics.refresh(status(session(SessionState.ESTABLISHED, Map.of())), NOW);
        metrics.refresh(status(session(SessionState.OPEN_SENT, Map.of(SessionEnd.CONNECTION, 1))), NOW);
        metrics.refresh(status(session(SessionState.OPEN_SENT, Map.of(SessionEnd.CONNECTION, 2))), NOW);
        assertThat(shown())
                .containsEntry("tombolo_bgp_session_state main tor open_sent", 1.0)
                .doesNotContainKey("tombolo_bgp_session_state main tor established")
                .containsEntry("tombolo_bgp_session_uptime_seconds main tor", 0.0)
                .containsEntry("tombolo_bgp_session_flaps main tor connection", 2.0);
    }

    @Test
    void aRouterThatIsWatchedIsInAState() {
        var up = new BfdStatus("up", Optional.of(NOW), "", "");
        metrics.refresh(
                new Detection(Map.of(TOR, up), new DetectorCounts(Map.of(Drop.WRONG_TTL, 3L), Duration.ofMillis(20))));
        assertThat(shown())
                .isEqualTo(Map.of(
                        "tombolo_bgp_bfd_state main tor up", 1.0,
                        "tombolo_bgp_bfd_timer_lateness_seconds", 0.02,
                        "tombolo_bgp_bfd_dropped_packets wrong_ttl", 3.0));
    }

    @Test
    void aPeerThatIsNotWantedAnyMoreIsNoSeries() {
        metrics.refresh(status(session(SessionState.ESTABLISHED, Map.of())), NOW);
        metrics.refresh(status(Map.of()), NOW);
        assertThat(shown().keySet()).noneMatch(series -> series.contains("tor"));
    }

    private static SpeakerStatus status(PeerStatus peer) {
        return status(Map.of(TOR, peer));
    }

    private static SpeakerStatus status(Map<PeerId, PeerStatus> peers) {
        return new SpeakerStatus(
                ChannelState.READY,
                NOW,
                "in step",
                Optional.empty(),
                Optional.empty(),
                peers,
                new SpeakerStatus.Counters(1, 2, 3, 4, 5, 6, Duration.ofMillis(2)));
    }

    private static PeerStatus session(SessionState state, Map<SessionEnd, Integer> ends) {
        return new PeerStatus(
                state,
                NOW.minusSeconds(60),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ends,
                4,
                2,
                1,
                Map.of(Prefix.parse("198.51.100.0/24"), "poison"),
                true);
    }

    /** Each series by its name and the values of its labels. */
    private Map<String, Double> shown() {
        var all = new TreeMap<String, Double>();
        for (Meter meter : registry.getMeters()) {
            String labels = meter.getId().getTags().stream()
                    .map(Tag::getValue)
                    .map(value -> " " + value)
                    .collect(Collectors.joining());
            meter.measure().forEach(measured -> all.put(meter.getId().getName() + labels, measured.getValue()));
        }
        return all;
    }
}
