package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.plan.PeerProblem;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerStatus;
import dev.tombolo.model.bgp.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Nobody is planned any more; the speaker has one session, or none. */
class TakingLeaveTest {
    private static final PeerId TOR = new PeerId("main", "tor");
    private static final PlannedPeers NOBODY = nobody(List.of());

    private static PlannedPeers nobody(List<PeerProblem> problems) {
        return new PlannedPeers(Optional.empty(), new TreeMap<>(), problems);
    }

    private static SpeakerStatus speaker(boolean holds, Optional<String> problem) {
        var up = new PeerStatus(
                SessionState.ESTABLISHED,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                1,
                1,
                0,
                Map.of(),
                true);
        return new SpeakerStatus(
                ChannelState.READY,
                Instant.EPOCH,
                "in step",
                Optional.empty(),
                problem,
                holds ? Map.of(TOR, up) : Map.of(),
                new SpeakerStatus.Counters(0, 0, 0, 0, 0, 0, Duration.ZERO));
    }

    @Test
    void aRouterThatIsStillToldIsNotSaidToBeGone() {
        assertThat(BgpLoops.isTakingLeave(NOBODY, speaker(true, Optional.empty())))
                .isTrue();
        assertThat(BgpLoops.isTakingLeave(NOBODY, speaker(false, Optional.empty())))
                .isFalse();
    }

    @Test
    void whatCannotBeChangedIsSaidAllTheSame() {
        assertThat(BgpLoops.isTakingLeave(NOBODY, speaker(true, Optional.of("the file cannot be read"))))
                .isFalse();
        var unread = new PeerProblem(
                PeerProblem.Kind.SECRET_UNREAD, "rack0", Optional.of(TOR), Optional.empty(), "not looked for yet");
        assertThat(BgpLoops.isTakingLeave(nobody(List.of(unread)), speaker(true, Optional.empty())))
                .isFalse();
    }
}
