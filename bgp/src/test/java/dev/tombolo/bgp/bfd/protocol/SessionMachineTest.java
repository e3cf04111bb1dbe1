package dev.tombolo.bgp.bfd.protocol;

import static dev.tombolo.bgp.bfd.protocol.SessionState.ADMIN_DOWN;
import static dev.tombolo.bgp.bfd.protocol.SessionState.DOWN;
import static dev.tombolo.bgp.bfd.protocol.SessionState.INIT;
import static dev.tombolo.bgp.bfd.protocol.SessionState.UP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.bfd.protocol.BfdPacket.Flag;
import dev.tombolo.bgp.bfd.protocol.SessionSettings.Role;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The procedures of RFC 5880, 6.8, on a clock of the test. */
class SessionMachineTest {
    private final Bench bench = Bench.of(SessionSettings.DEFAULT);

    /** The figure of 6.2 and the rules of 6.8.6: own state, what is heard, next state, what the neighbour is told. */
    @ParameterizedTest
    @CsvSource({
        "DOWN,       ADMIN_DOWN, DOWN,       NONE",
        "DOWN,       DOWN,       INIT,       NONE",
        "DOWN,       INIT,       UP,         NONE",
        "DOWN,       UP,         DOWN,       NONE",
        "INIT,       ADMIN_DOWN, DOWN,       NEIGHBOR_SIGNALED_DOWN",
        "INIT,       DOWN,       INIT,       NONE",
        "INIT,       INIT,       UP,         NONE",
        "INIT,       UP,         UP,         NONE",
        "UP,         ADMIN_DOWN, DOWN,       NEIGHBOR_SIGNALED_DOWN",
        "UP,         DOWN,       DOWN,       NEIGHBOR_SIGNALED_DOWN",
        "UP,         INIT,       UP,         NONE",
        "UP,         UP,         UP,         NONE",
        "ADMIN_DOWN, ADMIN_DOWN, ADMIN_DOWN, ADMINISTRATIVELY_DOWN",
        "ADMIN_DOWN, DOWN,       ADMIN_DOWN, ADMINISTRATIVELY_DOWN",
        "ADMIN_DOWN, INIT,       ADMIN_DOWN, ADMINISTRATIVELY_DOWN",
        "ADMIN_DOWN, UP,         ADMIN_DOWN, ADMINISTRATIVELY_DOWN"
    })
    void hearsAndMoves(SessionState own, SessionState heard, SessionState next, Diagnostic told) {
        bench.bring(own);
        bench.clear();
        bench.hear(heard);
        assertThat(bench.session().state()).isEqualTo(next);
        assertThat(bench.session().diagnostic()).isEqualTo(told);
        assertThat(bench.sent())
                .hasSize(own == next ? 0 : 1)
                .allSatisfy(packet -> assertThat(packet.state()).isEqualTo(next));
        assertThat(bench.changes()).isEqualTo(own == next ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource({"DOWN, DOWN, NONE", "INIT, DOWN, DETECTION_TIME_EXPIRED", "UP, DOWN, DETECTION_TIME_EXPIRED"})
    void afterADetectionTimeOfSilenceTheNeighbourIsLost(SessionState own, SessionState next, Diagnostic told) {
        bench.bring(own);
        bench.wait(Duration.ofSeconds(4));
        assertThat(bench.session().state()).isEqualTo(next);
        assertThat(bench.session().diagnostic()).isEqualTo(told);
        assertThat(bench.session().neighbor()).isEqualTo(Neighbor.UNHEARD);
        assertThat(bench.sent().getLast().yourDiscriminator()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"DOWN", "INIT", "UP", "ADMIN_DOWN"})
    void whoeverRunsUsMayDisableAndEnableAgain(SessionState own) {
        bench.bring(own);
        bench.event(new SessionEvent.Disabled());
        assertThat(bench.session().state()).isEqualTo(ADMIN_DOWN);
        assertThat(bench.sent().getLast().state()).isEqualTo(ADMIN_DOWN);
        bench.event(new SessionEvent.Enabled());
        assertThat(bench.session().state()).isEqualTo(DOWN);
    }

    @Test
    void detectsByTheNeighboursMultiplierAndTheSlowerOfBothIntervals() {
        bench.bring(UP);
        bench.hear(bench.packet(UP).withIntervals(400, 10, 5));
        assertThat(bench.session().detectionTime()).isEqualTo(Duration.ofMillis(2_000));
        bench.hear(bench.packet(UP).withIntervals(50, 10, 5));
        assertThat(bench.session().detectionTime()).isEqualTo(Duration.ofMillis(1_500));
        bench.wait(Duration.ofMillis(1_499));
        assertThat(bench.session().state()).isEqualTo(UP);
        bench.wait(Duration.ofMillis(1));
        assertThat(bench.session().state()).isEqualTo(DOWN);
    }

    @Test
    void sendsOnceASecondUntilItIsUpAndAsAgreedThen() {
        bench.clear();
        bench.wait(Duration.ofSeconds(10));
        assertThat(bench.sent())
                .hasSize(10)
                .allSatisfy(packet -> assertThat(packet.desiredTransmit()).isEqualTo(Duration.ofSeconds(1)));
        bench.bring(UP);
        bench.clear();
        bench.keepHearingFor(Duration.ofSeconds(3));
        assertThat(bench.sent())
                .hasSize(10)
                .allSatisfy(packet -> assertThat(packet.desiredTransmit()).isEqualTo(Duration.ofMillis(300)));
    }

    @Test
    void sendsNoMoreOftenThanTheNeighbourTakes() {
        bench.bring(UP);
        bench.hear(bench.packet(UP).withIntervals(300, 1_000, 10));
        assertThat(bench.session().transmitInterval()).isEqualTo(Duration.ofSeconds(1));
        bench.hear(bench.packet(UP).withIntervals(300, 0, 10));
        bench.clear();
        bench.wait(Duration.ofMillis(2_900));
        assertThat(bench.sent()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 1000", "3, 1, 750", "1, 0, 900", "1, 1, 750"})
    void shortensTheIntervalByJitterSoThatALossIsNoFailure(int multiplier, double jitter, long gap) {
        var jittered = Bench.of(
                new SessionSettings(Duration.ofMillis(300), Duration.ofMillis(300), multiplier, Role.ACTIVE), jitter);
        assertThat(jittered.session().deadline()).contains(jittered.now().plus(Duration.ofMillis(gap)));
    }

    @Test
    void comingUpItPollsUntilTheFinalBitAndSpeaksAtItsNewPaceMeanwhile() {
        bench.bring(INIT);
        bench.clear();
        bench.hear(UP);
        assertThat(bench.sent())
                .singleElement()
                .satisfies(packet -> assertThat(packet.has(Flag.POLL)).isTrue());
        bench.hear(UP);
        bench.wait(Duration.ofMillis(300));
        assertThat(bench.sent())
                .hasSize(2)
                .allSatisfy(packet -> assertThat(packet.has(Flag.POLL)).isTrue());
        bench.hear(bench.packet(UP).with(Flag.FINAL));
        bench.clear();
        bench.wait(Duration.ofMillis(300));
        assertThat(bench.sent())
                .singleElement()
                .satisfies(packet -> assertThat(packet.flags()).isEmpty());
    }

    @Test
    void answersAPollAtOnceAndNeverWithAPollOfItsOwn() {
        bench.bring(UP);
        assertThat(bench.session().poll()).isEqualTo(Poll.RUNNING);
        bench.clear();
        bench.hear(bench.packet(UP).with(Flag.POLL));
        assertThat(bench.sent())
                .singleElement()
                .satisfies(packet -> assertThat(packet.flags()).isEqualTo(Set.of(Flag.FINAL)));
    }

    /** Else two sides that poll each other at the same pace would keep each other from polling. */
    @Test
    void anAnswerDoesNotPutOffTheNextTransmission() {
        bench.bring(UP);
        var due = bench.session().nextTransmission();
        bench.wait(Duration.ofMillis(100));
        bench.hear(bench.packet(UP).with(Flag.POLL));
        assertThat(bench.session().nextTransmission()).isEqualTo(due);
    }

    @Test
    void aLongerTransmitIntervalWaitsForTheNeighboursConfirmation() {
        bench.bringAndConfirm();
        bench.event(new SessionEvent.Reconfigured(settings(900, 300)));
        assertThat(bench.sent().getLast().desiredTransmit()).isEqualTo(Duration.ofMillis(900));
        assertThat(bench.sent().getLast().has(Flag.POLL)).isTrue();
        assertThat(bench.session().transmitInterval()).isEqualTo(Duration.ofMillis(300));
        bench.hear(bench.packet(UP).with(Flag.FINAL));
        assertThat(bench.session().transmitInterval()).isEqualTo(Duration.ofMillis(900));
    }

    @Test
    void aShorterReceiveIntervalWaitsForTheNeighboursConfirmation() {
        bench.bringAndConfirm();
        bench.hear(bench.packet(UP).withIntervals(100, 100, 3));
        bench.event(new SessionEvent.Reconfigured(settings(300, 100)));
        assertThat(bench.session().detectionTime()).isEqualTo(Duration.ofMillis(900));
        bench.hear(bench.packet(UP).withIntervals(100, 100, 3).with(Flag.FINAL));
        assertThat(bench.session().detectionTime()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aShorterTransmitAndALongerReceiveIntervalCountAtOnce() {
        bench.bringAndConfirm();
        bench.hear(bench.packet(UP).withIntervals(300, 50, 3));
        bench.event(new SessionEvent.Reconfigured(settings(100, 500)));
        assertThat(bench.session().transmitInterval()).isEqualTo(Duration.ofMillis(100));
        assertThat(bench.session().detectionTime()).isEqualTo(Duration.ofMillis(1_500));
    }

    /** The Final bit may answer to the poll before. */
    @Test
    void aSecondChangeDuringAPollIsConfirmedByASecondPoll() {
        bench.bringAndConfirm();
        bench.event(new SessionEvent.Reconfigured(settings(900, 300)));
        bench.event(new SessionEvent.Reconfigured(settings(600, 300)));
        bench.hear(bench.packet(UP).with(Flag.FINAL));
        assertThat(bench.session().transmitInterval()).isEqualTo(Duration.ofMillis(300));
        bench.hear(bench.packet(UP).with(Flag.FINAL));
        assertThat(bench.session().transmitInterval()).isEqualTo(Duration.ofMillis(600));
        assertThat(bench.session().poll()).isEqualTo(Poll.NONE);
    }

    @Test
    void settingsThatAreTheSameAreNoChange() {
        bench.bringAndConfirm();
        bench.clear();
        bench.event(new SessionEvent.Reconfigured(SessionSettings.DEFAULT));
        assertThat(bench.sent()).isEmpty();
        assertThat(bench.session().poll()).isEqualTo(Poll.NONE);
    }

    @Test
    void thePassiveSideSpeaksWhenSpokenToAndIsSilentAgainAfterALoss() {
        var passive = Bench.of(new SessionSettings(Duration.ofMillis(300), Duration.ofMillis(300), 3, Role.PASSIVE));
        passive.wait(Duration.ofSeconds(5));
        assertThat(passive.sent()).isEmpty();
        passive.hear(DOWN);
        assertThat(passive.sent())
                .singleElement()
                .satisfies(packet -> assertThat(packet.state()).isEqualTo(INIT));
        passive.wait(Duration.ofSeconds(4));
        passive.clear();
        passive.wait(Duration.ofSeconds(5));
        assertThat(passive.sent()).isEmpty();
    }

    @Test
    void aNeighbourInDemandModeIsLeftAloneOnceBothAreUp() {
        bench.bringAndConfirm();
        bench.hear(bench.packet(UP).with(Flag.DEMAND));
        bench.clear();
        bench.wait(Duration.ofMillis(899));
        assertThat(bench.sent()).isEmpty();
    }

    @Test
    void theDiagnosticIsClearedByComingUpAgain() {
        bench.bring(UP);
        bench.wait(Duration.ofSeconds(4));
        bench.hear(DOWN);
        assertThat(bench.session().diagnostic()).isEqualTo(Diagnostic.DETECTION_TIME_EXPIRED);
        bench.hear(UP);
        assertThat(bench.session().diagnostic()).isEqualTo(Diagnostic.NONE);
    }

    @Test
    void aSessionThatIsResumedSpeaksAtOncePollsAndGivesUpAfterADetectionTime() {
        bench.bringAndConfirm();
        var resumed = Bench.resumed(bench.session());
        assertThat(resumed.sent()).singleElement().satisfies(packet -> {
            assertThat(packet.state()).isEqualTo(UP);
            assertThat(packet.has(Flag.POLL)).isTrue();
            assertThat(packet.yourDiscriminator()).isEqualTo(Bench.NEIGHBOR);
        });
        resumed.wait(Duration.ofMillis(899));
        assertThat(resumed.session().state()).isEqualTo(UP);
        resumed.wait(Duration.ofMillis(1));
        assertThat(resumed.session().state()).isEqualTo(DOWN);
        assertThat(resumed.session().diagnostic()).isEqualTo(Diagnostic.DETECTION_TIME_EXPIRED);
    }

    private static SessionSettings settings(long transmit, long receive) {
        return new SessionSettings(Duration.ofMillis(transmit), Duration.ofMillis(receive), 3, Role.ACTIVE);
    }
}
