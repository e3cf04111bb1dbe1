package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An ExaBGP that does not read what it is told. */
class StallsLabTest extends LabTest {
    @Test
    void saysThatExabgpIsStalledAndGoesOnWhenItDoes() throws Exception {
        var bird = up(5);
        lab.exabgp().signal("STOP");
        lab.put(Lab.routes(1, 8));
        await().atMost(LONG).until(() -> lab.speaker().status().channel() == ChannelState.STALLED);
        lab.exabgp().signal("CONT");
        await().atMost(LONG).until(() -> lab.speaker().status().channel() == ChannelState.READY);
        await().atMost(LONG).until(() -> bird.count() == 8);
    }

    /** Long enough to connect anew: answers to all attempts then come at once. */
    @Test
    void findsBackIntoStepAfterALongStall() throws Exception {
        var bird = up(5);
        lab.exabgp().signal("STOP");
        lab.put(Lab.routes(1, 8));
        await().atMost(Duration.ofSeconds(40))
                .until(() -> lab.events.stream()
                        .anyMatch(event -> event instanceof SpeakerEvent.ChannelChanged(var state, var why)
                                && state == ChannelState.ABSENT
                                && why.contains("answers are missing")));
        lab.exabgp().signal("CONT");
        await().atMost(LONG).until(() -> lab.speaker().status().channel() == ChannelState.READY);
        await().atMost(LONG).until(() -> bird.count() == 8);
        lab.speaker().routes().removeAll(Lab.routes(1, 8).keySet());
        await().atMost(LONG).until(() -> bird.count() == 0);
    }
}
