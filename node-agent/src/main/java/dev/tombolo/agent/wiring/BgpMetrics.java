package dev.tombolo.agent.wiring;

import dev.tombolo.agent.bgp.BgpOnDemand.Detection;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.model.bgp.PeerId;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions with routers, and how it goes with the program that holds them. Refreshed by one thread. */
final class BgpMetrics {
    private static final double A_SECOND = 1e9;

    private final MeterRegistry metrics;
    private final MultiGauge states;
    private final MultiGauge uptimes;
    private final MultiGauge routes;
    private final MultiGauge channel;
    private final MultiGauge roundTrip;
    private final MultiGauge outstanding;
    private final MultiGauge watched;
    private final MultiGauge lateness;
    private final Map<Tags, Long> counted = new ConcurrentHashMap<>();

    BgpMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
        states = gauge("tombolo_bgp_session_state", "1 for the state that a session with a router is in");
        uptimes = gauge("tombolo_bgp_session_uptime_seconds", "for how long a session has been up; 0 when it is not");
        routes = gauge("tombolo_bgp_routes", "routes to a router: desired, acked by the speaker, pending, refused");
        channel = gauge("tombolo_bgp_channel_state", "1 for the state of the way to the speaker");
        roundTrip = gauge("tombolo_bgp_command_seconds", "from the last command to the speaker's answer");
        outstanding = gauge("tombolo_bgp_commands_outstanding", "commands that the speaker has not answered yet");
        watched = gauge("tombolo_bgp_bfd_state", "1 for the state that BFD with a router is in");
        lateness = gauge(
                "tombolo_bgp_bfd_timer_lateness_seconds",
                "worst lateness of BFD's timers; near the detection time it is taken for a loss");
    }

    private MultiGauge gauge(String name, String what) {
        return MultiGauge.builder(name).description(what).register(metrics);
    }

    void refresh(SpeakerStatus status, Instant now) {
        sessions(status.peers(), now);
        channel.register(List.of(Row.of(Tags.of("state", word(status.channel())), 1)), true);
        var counters = status.counters();
        roundTrip.register(List.of(Row.of(Tags.empty(), counters.roundTrip().toNanos() / A_SECOND)), true);
        outstanding.register(List.of(Row.of(Tags.empty(), counters.outstanding())), true);
        count("tombolo_bgp_commands", "commands to the speaker", Tags.empty(), counters.commands());
        count("tombolo_bgp_command_errors", "commands that the speaker refused", Tags.empty(), counters.errors());
        count(
                "tombolo_bgp_unread_lines",
                "lines of the speaker that were not understood",
                Tags.empty(),
                counters.unread());
        count(
                "tombolo_bgp_lost_events",
                "events of the speaker that nobody read in time",
                Tags.empty(),
                counters.lost());
        count(
                "tombolo_bgp_resyncs",
                "times that all the speaker holds was read anew",
                Tags.empty(),
                counters.resyncs());
    }

    void refresh(Detection detection) {
        var inStates = new ArrayList<Row<?>>();
        detection
                .peers()
                .forEach((id, bfd) -> inStates.add(Row.of(BgpTimers.labels(id).and("state", bfd.state()), 1)));
        watched.register(inStates, true);
        double seconds = detection.counts().worstLateness().toNanos() / A_SECOND;
        lateness.register(List.of(Row.of(Tags.empty(), seconds)), true);
        detection
                .counts()
                .drops()
                .forEach((why, packets) -> count(
                        "tombolo_bgp_bfd_dropped_packets",
                        "packets of BFD that were not taken, by reason",
                        Tags.of("reason", word(why)),
                        packets));
    }

    private void sessions(Map<PeerId, PeerStatus> peers, Instant now) {
        var inStates = new ArrayList<Row<?>>();
        var up = new ArrayList<Row<?>>();
        var told = new ArrayList<Row<?>>();
        peers.forEach((id, peer) -> {
            var labels = BgpTimers.labels(id);
            inStates.add(Row.of(labels.and("state", word(peer.state())), 1));
            boolean isUp = peer.state() == SessionState.ESTABLISHED;
            up.add(Row.of(labels, isUp ? Duration.between(peer.since(), now).toSeconds() : 0));
            told.addAll(routes(labels, peer));
            peer.ends()
                    .forEach((why, times) -> count(
                            "tombolo_bgp_session_flaps",
                            "times that a session that was up ended, by reason",
                            labels.and("reason", word(why)),
                            times));
        });
        states.register(inStates, true);
        uptimes.register(up, true);
        routes.register(told, true);
    }

    private static List<Row<?>> routes(Tags labels, PeerStatus peer) {
        return List.of(
                Row.of(labels.and("state", "desired"), peer.wanted()),
                Row.of(labels.and("state", "acked"), peer.told()),
                Row.of(labels.and("state", "pending"), peer.pending()),
                Row.of(labels.and("state", "refused"), peer.refused().size()));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private void count(String name, String what, Tags labels, long value) {
        var key = labels.and("name", name);
        if (counted.put(key, value) == null) {
            FunctionCounter.builder(name, counted, all -> all.get(key))
                    .description(what)
                    .tags(labels)
                    .register(metrics);
        }
    }
}
