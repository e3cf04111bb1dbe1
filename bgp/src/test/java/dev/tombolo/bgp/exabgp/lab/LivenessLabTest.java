package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.bfd.BfdClient;
import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.LivenessDetector;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.process.BfdProcess;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.router.BfdProgram;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.model.net.IpAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With graceful restart and BFD a router tells a node whose speaker has died from one that is dead. */
class LivenessLabTest extends LabTest implements LivenessDetector.Listener {
    private static final int ROUTES = 20;
    private static final BfdPath PATH = BfdPath.direct(IpAddress.parse(Lab.remote(1)), IpAddress.parse(Lab.local(1)));

    @TempDir
    Path directory;

    private final AtomicInteger losses = new AtomicInteger();
    private volatile boolean isUp;
    private BfdClient client;

    @ParameterizedTest
    @EnumSource
    void aSpeakerThatIsKilledCostsNoRouteAndNoSessionOfBfd(Router.Kind kind) throws Exception {
        var router = upWithBfd(kind);
        var before = report();
        var watch = new Watch(router, ROUTES);
        lab.exabgp().killAndStart();
        awaitResync();
        lab.awaitTold(1);
        assertThat(watch.stop()).isEmpty();
        assertThat(sessionsSeen()).isEqualTo(2);
        assertThat(router.isWatching()).isTrue();
        assertThat(report().since()).isEqualTo(before.since());
        assertThat(report().remote().discriminator()).isEqualTo(before.remote().discriminator());
    }

    /** Sooner than hold time and graceful restart together, which are longer than this waits. */
    @ParameterizedTest
    @EnumSource
    void aNodeThatFallsSilentLosesItsRoutes(Router.Kind kind) throws Exception {
        var router = upWithBfd(kind);
        lab.cut(1);
        awaitCount(router, 0);
        await().atMost(LONG).until(() -> losses.get() == 1);
        lab.heal();
        awaitCount(router, ROUTES);
        awaitBfd(router);
    }

    /** FRR lets the BFD go that it had before it knew its own address, and the first session with it. */
    @Test
    void bfdThatIsThereBeforeBgpCostsFrrAtMostTheFirstSessionAndUsNone() throws Exception {
        var router = Router.Kind.FRR.at(lab, 1);
        startBfd();
        router.start(Router.Setup.with(Router.Liveness.BFD_BEFORE_BGP));
        awaitBfd(router);
        startSpeaker(router);
        assertThat(sessionsSeen()).isBetween(1L, 2L);
        assertThat(losses).hasValue(0);
    }

    private Router upWithBfd(Router.Kind kind) throws Exception {
        var router = kind.at(lab, 1);
        startBfd();
        router.start(Router.Setup.with(Router.Liveness.BFD));
        startSpeaker(router);
        assertThat(sessionsSeen()).isEqualTo(1);
        return router;
    }

    private void startBfd() throws Exception {
        lab.owned(BfdProgram.start(lab.node, directory));
        client = lab.owned(BfdClient.start(directory.resolve(BfdProcess.SOCKET), this));
        client.watch(Map.of(PATH, SessionSettings.DEFAULT));
    }

    private void startSpeaker(Router router) throws Exception {
        lab.start(Lab.peer(1));
        lab.put(Lab.routes(1, ROUTES));
        lab.speaker().allRoutesPut();
        awaitBfd(router);
        awaitState(SessionState.ESTABLISHED);
        lab.awaitTold(1);
        awaitCount(router, ROUTES);
    }

    private void awaitBfd(Router router) {
        await().atMost(LONG).until(() -> report() != null && report().isUp() && router.isWatching());
    }

    private SessionReport report() {
        return client.reports().get(PATH);
    }

    /** As the agent does it. */
    @Override
    public void changed(SessionReport report) {
        boolean wasUp = isUp;
        isUp = report.isUp();
        if (wasUp && !isUp && !report.isEndedByNeighbour()) {
            losses.incrementAndGet();
            lab.speaker().reset(Lab.id(1));
        }
    }

    @Override
    public void refused(String reason) {
        throw new IllegalStateException(reason);
    }
}
