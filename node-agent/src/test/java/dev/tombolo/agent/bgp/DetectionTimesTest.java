package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.LivenessDetector;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.SessionReport.Agreed;
import dev.tombolo.bgp.bfd.SessionReport.Counts;
import dev.tombolo.bgp.bfd.SessionReport.Remote;
import dev.tombolo.bgp.bfd.SessionReport.Standing;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DetectionTimesTest {
    private static final BfdPath PATH = new BfdPath(
            IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.9"), Optional.empty(), BfdPath.Reach.DIRECT);

    private final List<String> told = new ArrayList<>();
    private final List<SessionState> passedOn = new ArrayList<>();
    private final DetectionTimes times =
            new DetectionTimes(next(), _ -> List.of(new PeerId("main", "tor1"), new PeerId("main", "tor2")), times());

    @Test
    void aRouterThatFallsSilentIsCountedOnceForEachOfItsSessions() {
        report(SessionState.UP, Optional.empty());
        report(SessionState.DOWN, Optional.of(Duration.ofMillis(912)));
        report(SessionState.INIT, Optional.of(Duration.ofMillis(912)));
        assertThat(told).containsExactly("main/tor1 912", "main/tor2 912");
        assertThat(passedOn).containsExactly(SessionState.UP, SessionState.DOWN, SessionState.INIT);
    }

    @Test
    void oneThatSaysThatItEndsWasNotSilent() {
        report(SessionState.UP, Optional.empty());
        report(SessionState.DOWN, Optional.empty());
        assertThat(told).isEmpty();
    }

    @Test
    void oneThatWasNeverSeenUpIsNoLoss() {
        report(SessionState.DOWN, Optional.of(Duration.ofMillis(912)));
        assertThat(told).isEmpty();
    }

    private void report(SessionState state, Optional<Duration> silence) {
        times.changed(new SessionReport(
                PATH,
                state,
                Diagnostic.NONE,
                Standing.HEARD,
                Instant.EPOCH,
                silence,
                new Remote(7, SessionState.UP, Diagnostic.NONE, Duration.ZERO, Duration.ZERO),
                new Agreed(Duration.ofMillis(300), Duration.ofMillis(900)),
                new Counts(1, 1, 0, 1)));
    }

    private LivenessDetector.Listener next() {
        return new LivenessDetector.Listener() {
            @Override
            public void changed(SessionReport report) {
                passedOn.add(report.state());
            }

            @Override
            public void refused(String reason) {
                throw new AssertionError(reason);
            }
        };
    }

    private BgpTimes times() {
        return new BgpTimes() {
            @Override
            public void withdrawn(PeerId peer, Duration time) {
                throw new AssertionError(peer);
            }

            @Override
            public void detected(PeerId peer, Duration time) {
                told.add(peer + " " + time.toMillis());
            }
        };
    }
}
