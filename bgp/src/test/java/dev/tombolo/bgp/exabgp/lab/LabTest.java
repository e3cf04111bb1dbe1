package dev.tombolo.bgp.exabgp.lab;

import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** ExaBGP, the bridge and the speaker of a node, with routers at the other ends. */
abstract class LabTest {
    static final Duration LONG = Lab.LONG;

    Lab lab;

    @BeforeEach
    final void open() throws Exception {
        lab = new Lab();
    }

    @AfterEach
    final void close() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    /** BIRD as router 1, told this many routes. */
    final Bird up(int routes) throws Exception {
        var bird = lab.birdAt(1, "");
        up(bird, routes);
        return bird;
    }

    final void up(Router router, int routes) throws Exception {
        router.start(Router.Setup.PLAIN);
        lab.start(Lab.peer(1));
        lab.put(Lab.routes(1, routes));
        lab.speaker().allRoutesPut();
        lab.awaitTold(1);
        awaitCount(router, routes);
    }

    static void awaitCount(Router router, int routes) {
        await().atMost(LONG).until(() -> router.count() == routes);
    }

    final void awaitState(SessionState state) {
        await().atMost(LONG).ignoreExceptions().until(() -> lab.status(1).state() == state);
    }

    /** Until the speaker has read anew what ExaBGP holds, all that is known is from before. */
    final void awaitResync() {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> lab.speaker().status().counters().resyncs() == 2);
    }

    final long sessionsSeen() {
        return lab.events.stream()
                .filter(SpeakerEvent.SessionUp.class::isInstance)
                .count();
    }
}
