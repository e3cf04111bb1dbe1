package dev.tombolo.agent.bgp;

import static dev.tombolo.agent.bgp.WatchedPeers.id;
import static dev.tombolo.agent.bgp.WatchedPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.LivenessDetector;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.InMemorySpeaker;
import dev.tombolo.kube.object.BgpNodeConfigObject.BfdStatus;
import dev.tombolo.model.bgp.BfdTiming;
import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node with two routers, one of which is to be watched by BFD. */
class LivenessTest {
    private static final BfdPath PATH = BfdPath.direct(IpAddress.parse("192.0.2.1"), WatchedPeers.NODE);
    private static final PlannedPeers UNWATCHED =
            WatchedPeers.of(peer("tor1", "192.0.2.1", Optional.empty()), peer("tor2", "192.0.2.2", Optional.empty()));
    private static final PlannedPeers WATCHED = WatchedPeers.of(
            peer("tor1", "192.0.2.1", Optional.of(BfdTiming.DEFAULT)), peer("tor2", "192.0.2.2", Optional.empty()));
    private static final Instant NOW = Instant.parse("2026-01-02T03:05:00Z");
    private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

    private final InMemorySpeaker speaker = new InMemorySpeaker();
    private final List<FakeDetector> started = new ArrayList<>();
    private final Liveness liveness = new Liveness(speaker, this::start);

    private LivenessDetector start(LivenessDetector.Listener listener) {
        started.add(new FakeDetector(listener));
        return started.getLast();
    }

    @BeforeEach
    void sessions() {
        speaker.apply(WATCHED.sessions());
    }

    @Test
    void nobodyIsAskedForAnythingBeforeAPeerWantsIt() {
        liveness.watch(UNWATCHED);
        assertThat(started).isEmpty();
        liveness.watch(WATCHED);
        assertThat(detector().wanted).contains(Map.of(PATH, SessionSettings.DEFAULT));
        liveness.watch(UNWATCHED);
        assertThat(detector().wanted).contains(Map.of());
        assertThat(started).hasSize(1);
    }

    @Test
    void whatAnAgentBeforeHasAskedForEnds() {
        liveness.resume().watch(UNWATCHED);
        assertThat(detector().wanted).contains(Map.of());
    }

    @Test
    void theSessionOfARouterThatIsLostIsResetAndNoOther() {
        liveness.watch(WATCHED);
        up();
        silent();
        assertThat(resets("tor1")).isEqualTo(1);
        assertThat(resets("tor2")).isZero();
    }

    @Test
    void aSessionThatComesUpWhileBfdIsDownIsLeftAlone() {
        liveness.watch(WATCHED);
        up();
        silent();
        detector().report(PATH, SessionState.INIT, Diagnostic.DETECTION_TIME_EXPIRED, SessionState.DOWN);
        silent();
        silent();
        assertThat(resets("tor1")).isEqualTo(1);
        up();
        silent();
        assertThat(resets("tor1")).isEqualTo(2);
    }

    @Test
    void whatWasNeverUpIsNoLoss() {
        liveness.watch(WATCHED);
        detector().report(PATH, SessionState.DOWN, Diagnostic.NONE, SessionState.DOWN);
        silent();
        assertThat(resets("tor1")).isZero();
    }

    @Test
    void aRouterThatEndsBfdIsNotLost() {
        liveness.watch(WATCHED);
        up();
        detector().report(PATH, SessionState.DOWN, Diagnostic.NEIGHBOR_SIGNALED_DOWN, SessionState.ADMIN_DOWN);
        assertThat(resets("tor1")).isZero();
    }

    /** FRR does so when it learns its own address, and begins anew. */
    @Test
    void aRouterThatGivesUpItsSessionIsNotLostAndOneThatHearsNothingIs() {
        liveness.watch(WATCHED);
        up();
        downByRouter(Diagnostic.NEIGHBOR_SIGNALED_DOWN);
        assertThat(resets("tor1")).isZero();
        assertThat(bfd().reason()).isEqualTo("EndedByRouter");
        up();
        downByRouter(Diagnostic.DETECTION_TIME_EXPIRED);
        assertThat(resets("tor1")).isEqualTo(1);
        assertThat(bfd().reason()).isEqualTo("NodeSilent");
    }

    @Test
    void anAgentThatFindsASessionUpBeforeItKnowsItsPeersNoticesItsLoss() {
        liveness.resume();
        up();
        liveness.watch(WATCHED);
        silent();
        assertThat(resets("tor1")).isEqualTo(1);
    }

    @Test
    void aPeerThatWantsItNoMoreAndThenAgainBeginsAnew() {
        liveness.watch(WATCHED);
        up();
        liveness.watch(UNWATCHED);
        detector().report(PATH, SessionState.ADMIN_DOWN, Diagnostic.ADMINISTRATIVELY_DOWN, SessionState.UP);
        liveness.watch(WATCHED);
        silent();
        assertThat(resets("tor1")).isZero();
    }

    @Test
    void aProcessThatHasForgottenItsSessionsLosesNone() {
        liveness.watch(WATCHED);
        up();
        detector().report(PATH, SessionState.DOWN, Diagnostic.NONE, SessionState.UP);
        assertThat(resets("tor1")).isZero();
    }

    @Test
    void tellsHowItIsAndWhy() {
        liveness.watch(WATCHED);
        assertThat(bfd().reason()).isEqualTo("NotReported");
        up();
        assertThat(bfd()).isEqualTo(new BfdStatus("up", Optional.of(SINCE), "", ""));
        silent();
        assertThat(bfd())
                .isEqualTo(new BfdStatus("down", Optional.of(SINCE), "RouterSilent", "the router has fallen silent"));
    }

    @Test
    void aProcessThatIsNotHeardIsToldOnceItCannotBeARestart() {
        liveness.watch(WATCHED);
        up();
        detector().deafSince = Optional.of(NOW.minusSeconds(1));
        assertThat(bfd().isUp()).isTrue();
        assertThat(liveness.failure(NOW)).isEmpty();
        detector().deafSince = Optional.of(NOW.minusSeconds(20));
        assertThat(bfd().reason()).isEqualTo("NotWatched");
        assertThat(liveness.failure(NOW)).contains("BFD's process has not been heard since 2026-01-02T03:04:40Z");
        assertThat(resets("tor1")).isZero();
    }

    @Test
    void whereNobodyWantsItItsProcessIsNotMissed() {
        liveness.resume().watch(UNWATCHED);
        detector().deafSince = Optional.of(NOW.minusSeconds(20));
        assertThat(liveness.failure(NOW)).isEmpty();
        assertThat(liveness.status(NOW)).isEmpty();
    }

    @Test
    void whatIsNotTakenIsToldUntilSomethingElseIsAsked() {
        liveness.watch(WATCHED);
        detector().listener.refused("reach=ELSEWHERE");
        assertThat(liveness.failure(NOW))
                .hasValueSatisfying(why -> assertThat(why).contains("reach=ELSEWHERE"));
        liveness.watch(WATCHED);
        assertThat(liveness.failure(NOW)).isEmpty();
    }

    private void up() {
        detector().report(PATH, SessionState.UP, Diagnostic.NONE, SessionState.UP);
    }

    private void silent() {
        detector().report(PATH, SessionState.DOWN, Diagnostic.DETECTION_TIME_EXPIRED, SessionState.DOWN);
    }

    private void downByRouter(Diagnostic why) {
        var router = new SessionReport.Remote(7, SessionState.DOWN, why, Duration.ZERO, Duration.ZERO);
        detector().report(PATH, SessionState.DOWN, Diagnostic.NEIGHBOR_SIGNALED_DOWN, router);
    }

    private FakeDetector detector() {
        return started.getLast();
    }

    private BfdStatus bfd() {
        var all = liveness.status(NOW);
        assertThat(all).containsOnlyKeys(id("tor1"));
        return all.get(id("tor1"));
    }

    private int resets(String peer) {
        return speaker.status().peers().get(id(peer)).flaps();
    }
}
