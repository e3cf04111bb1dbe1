package dev.tombolo.agent.bgp;

import static dev.tombolo.agent.bgp.WatchedPeers.id;
import static dev.tombolo.agent.bgp.WatchedPeers.peer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.bgp.plan.PeerProblem;
import dev.tombolo.bgp.plan.PeerProblem.Kind;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.InMemorySpeaker;
import dev.tombolo.model.bgp.BfdTiming;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SessionTargetTest {
    private static final PlannedPeers WATCHED =
            WatchedPeers.of(peer("tor1", "192.0.2.1", Optional.of(BfdTiming.DEFAULT)));

    private final InMemorySpeaker speaker = new InMemorySpeaker();
    private final List<FakeDetector> started = new ArrayList<>();
    private final SessionTarget target = new SessionTarget(speaker, new Liveness(speaker, listener -> {
        started.add(new FakeDetector(listener));
        return started.getLast();
    }));

    @Test
    void sessionsAreHeldAndWatchedUntilTheyAreLeftOut() throws IOException {
        target.put("own", WATCHED);
        assertThat(speaker.status().peers()).containsOnlyKeys(id("tor1"));
        assertThat(started.getLast().wanted).contains(BfdPlan.settings(WATCHED));
        target.remove("own");
        assertThat(speaker.status().peers()).isEmpty();
        assertThat(started.getLast().wanted)
                .hasValueSatisfying(none -> assertThat(none).isEmpty());
    }

    /** To be watched no more would be told to its router as an end. */
    @Test
    void aPeerWhosePasswordWasNotLookedForYetGoesOn() throws IOException {
        target.put("own", WATCHED);
        var unread = new PeerProblem(Kind.SECRET_UNREAD, "rack0", Optional.of(id("tor1")), Optional.empty(), "");
        var unsettled = new PlannedPeers(Optional.of("rack0"), new TreeMap<>(), List.of(unread));
        assertThatThrownBy(() -> target.put("own", unsettled)).isInstanceOf(IOException.class);
        assertThat(started.getLast().wanted).contains(BfdPlan.settings(WATCHED));
        assertThat(speaker.status().peers()).containsOnlyKeys(id("tor1"));
    }
}
