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
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a node and a router that no longer hear each other take to notice, with BFD as it is by default and graceful restart
 * on. Counted from before the command that cuts them off. Not among the tests:
 * {@code ./mvnw -pl bgp -am test -Dtest=LivenessFigures -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class LivenessFigures implements LivenessDetector.Listener {
    private static final int ROUTES = 10;
    private static final int DEATHS = 20;
    private static final BfdPath PATH = BfdPath.direct(IpAddress.parse(Lab.remote(1)), IpAddress.parse(Lab.local(1)));

    @TempDir
    Path directory;

    private Lab lab;
    private Bird bird;
    private BfdClient client;
    private volatile long lostAt;

    @BeforeEach
    void setUp() throws Exception {
        lab = new Lab();
        bird = lab.bird(1, "bfd on;");
        lab.node.run("nft add table inet wire");
        lab.node.run("nft add chain inet wire in { type filter hook input priority 0 ; }");
        lab.node.run("nft add chain inet wire out { type filter hook output priority 0 ; }");
        lab.owned(BfdProgram.start(lab.node, directory));
        client = lab.owned(BfdClient.start(directory.resolve(BfdProcess.SOCKET), this));
        client.watch(Map.of(PATH, SessionSettings.DEFAULT));
        lab.start(Lab.peer(1));
        lab.put(Lab.routes(1, ROUTES));
        lab.speaker().allRoutesPut();
    }

    @AfterEach
    void tearDown() throws Exception {
        lab.close();
    }

    @Override
    public void changed(SessionReport report) {
        if (!report.isUp() && lostAt == 0) {
            lostAt = System.nanoTime();
            lab.speaker().reset(Lab.id(1));
        }
    }

    @Override
    public void refused(String reason) {
        throw new IllegalStateException(reason);
    }

    @Test
    void silentDeaths() throws IOException {
        long[] byRouter = new long[DEATHS];
        long[] byNode = new long[DEATHS];
        for (int i = 0; i < DEATHS; i++) {
            awaitUp();
            // At any time between two packets.
            LockSupport.parkNanos(RandomGenerator.getDefault().nextLong(300_000_000));
            lostAt = 0;
            long start = System.nanoTime();
            wire("drop");
            await().atMost(Lab.LONG)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> bird.count() == 0);
            byRouter[i] = System.nanoTime() - start;
            await().atMost(Lab.LONG).until(() -> lostAt != 0);
            byNode[i] = lostAt - start;
            wire("accept");
        }
        SpeakerFigures.report("silent death to the router's routes", byRouter);
        SpeakerFigures.report("silent death to the node's session", byNode);
        assertThat(SpeakerFigures.percentile(byRouter, 100)).isLessThan(1_000_000_000);
        assertThat(SpeakerFigures.percentile(byNode, 100)).isLessThan(1_000_000_000);
    }

    private void awaitUp() {
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            var report = client.reports().get(PATH);
            return report != null
                    && report.isUp()
                    && report.agreed().detectionTime().equals(Duration.ofMillis(900))
                    && bird.ask("show bfd sessions").contains(" Up ")
                    && bird.count() == ROUTES;
        });
    }

    /** Both ways at once. */
    private void wire(String policy) throws IOException {
        lab.node.run(
                "nft chain inet wire in { policy %1$s ; } ; chain inet wire out { policy %1$s ; }".formatted(policy));
    }
}
