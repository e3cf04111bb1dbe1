package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.RouteKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs of the node that die; routers keep what they were told. */
class DeathsLabTest extends LabTest {
    @Test
    void keepsRoutesWhileTheAgentIsAwayAndWithdrawsWhatThenIsNotWanted() throws Exception {
        var bird = up(200);
        lab.killSpeaker();
        var watch = new Watch(bird, 200);
        lab.startSpeaker(Lab.peer(1));
        await().atMost(LONG).until(() -> lab.speaker().status().channel() == ChannelState.READY);
        await().atMost(LONG)
                .until(() -> lab.speaker().status().peers().get(Lab.id(1)).told() == 200);
        var routes = lab.speaker().routes();
        assertThat(routes.observe()).isEqualTo(Lab.routes(1, 200));
        assertThat(watch.stop()).isEmpty();
        routes.remove(new RouteKey(Lab.id(1), Lab.prefix(199)));
        lab.put(Lab.routes(1, 199));
        lab.speaker().allRoutesPut();
        await().atMost(LONG).until(() -> bird.count() == 199);
        assertThat(lab.status(1).flaps()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void losesNoRouteWhenExabgpIsKilled(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        up(router, 200);
        var watch = new Watch(router, 200);
        lab.exabgp().killAndStart();
        awaitResync();
        lab.awaitTold(1);
        assertThat(watch.stop()).isEmpty();
        assertThat(sessionsSeen()).isEqualTo(2);
    }

    @Test
    void losesNoRouteWhenExabgpIsTerminated() throws Exception {
        var bird = up(200);
        var watch = new Watch(bird, 200);
        lab.exabgp().terminateAndStart();
        awaitResync();
        lab.awaitTold(1);
        assertThat(watch.stop()).isEmpty();
    }

    /** What was removed meanwhile must not come back, and what stays must not go. */
    @Test
    void withdrawsWhatWasRemovedWhileExabgpWasAway() throws Exception {
        var bird = up(50);
        lab.exabgp().close();
        lab.speaker().routes().remove(new RouteKey(Lab.id(1), Lab.prefix(3)));
        assertThat(bird.count()).isEqualTo(50);
        lab.exabgp().start();
        awaitResync();
        lab.awaitTold(1);
        await().atMost(LONG).until(() -> bird.count() == 49);
        assertThat(bird.route("11.0.3.0/24")).doesNotContain("unicast");
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWhenTheBridgeIsKilled(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        up(router, 50);
        var watch = new Watch(router, 50);
        lab.exabgp().killBridge();
        await().atMost(LONG).until(() -> lab.speaker().status().counters().resyncs() == 2);
        await().atMost(LONG).until(() -> lab.speaker().status().channel() == ChannelState.READY);
        assertThat(watch.stop()).isEmpty();
        lab.put(Lab.routes(1, 60));
        await().atMost(LONG).until(() -> router.count() == 60);
        assertThat(lab.status(1).flaps()).isZero();
    }

    /** The fifth death of its helper within about a minute ends ExaBGP; its container begins again. */
    @ParameterizedTest
    @EnumSource
    void losesNoRouteWhenTheBridgeDiesAgainAndAgain(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        up(router, 50);
        lab.exabgp().supervise();
        var watch = new Watch(router, 50);
        for (int deaths = 1; deaths <= 20 && lab.exabgp().starts() == 1; deaths++) {
            long seen = deaths + 1;
            lab.exabgp().killBridge();
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> lab.speaker().status().counters().resyncs() >= seen);
        }
        assertThat(lab.exabgp().starts()).isEqualTo(2);
        awaitState(SessionState.ESTABLISHED);
        lab.awaitTold(1);
        assertThat(watch.stop()).isEmpty();
        assertThat(lab.events)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                SpeakerEvent.ChannelChanged.class,
                                change -> assertThat(change.reason()).startsWith("ExaBGP or its bridge has gone")));
    }

    /** ExaBGP finds out by an answer that it cannot write. */
    @Test
    void goesOnWhenTheBridgeIsKilledAmongManyCommands() throws Exception {
        var bird = up(5);
        lab.exabgp().supervise();
        lab.put(Lab.routes(1, 20_000));
        await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> bird.count() > 1_000);
        lab.exabgp().killBridge();
        await().atMost(LONG).until(() -> bird.count() == 20_000);
        awaitState(SessionState.ESTABLISHED);
        lab.awaitTold(1);
        lab.speaker().routes().removeAll(Lab.routes(1, 20_000).keySet());
        awaitCount(bird, 0);
    }
}
