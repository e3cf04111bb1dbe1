package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.model.bgp.RouteKey;
import org.junit.jupiter.api.Test;

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

    @Test
    void losesNoRouteWhenExabgpIsKilled() throws Exception {
        var bird = up(200);
        var watch = new Watch(bird, 200);
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

    @Test
    void goesOnWhenTheBridgeIsKilled() throws Exception {
        var bird = up(50);
        var watch = new Watch(bird, 50);
        lab.exabgp().bridgeProcess().destroyForcibly();
        await().atMost(LONG).until(() -> lab.speaker().status().counters().resyncs() == 2);
        await().atMost(LONG).until(() -> lab.speaker().status().channel() == ChannelState.READY);
        assertThat(watch.stop()).isEmpty();
        lab.put(Lab.routes(1, 60));
        await().atMost(LONG).until(() -> bird.count() == 60);
        assertThat(lab.status(1).flaps()).isZero();
    }
}
