package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An ExaBGP that does not read what it is told, or that says what makes no sense. */
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

    @Test
    void countsNoiseAndGoesOn() throws Exception {
        lab.makeNoise();
        var bird = up(20);
        lab.speaker().routes().removeAll(Lab.routes(1, 10).keySet());
        awaitCount(bird, 10);
        var counters = lab.speaker().status().counters();
        assertThat(counters.unread()).isPositive();
        assertThat(counters.resyncs()).isEqualTo(1);
    }

    /** Nobody else would: its container only sees that it has not ended. */
    @Test
    void anExabgpThatHangsIsEndedAndBegunAnewWithoutALoss() throws Exception {
        lab.losePatience();
        var bird = up(50);
        lab.exabgp().supervise();
        var watch = new Watch(bird, 50);
        lab.exabgp().signal("STOP");
        lab.put(Map.of(
                new RouteKey(Lab.id(1), Prefix.parse("2001:db8:7::/48")),
                PathAttributes.to(IpAddress.parse("2001:db8:0:1::1"))));
        await().atMost(LONG).until(() -> lab.exabgp().starts() == 2);
        awaitResync();
        lab.awaitTold(1);
        assertThat(watch.stop()).isEmpty();
        assertThat(bird.countV6()).isEqualTo(1);
    }
}
