package dev.tombolo.bgp.bfd.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.bfd.BfdClient;
import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.BfdPath.Reach;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.Drop;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionSettings.Role;
import dev.tombolo.bgp.bfd.router.Router.Neighbour;
import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our process against the daemons that routers run, over a wire that may fall silent. */
class RouterTest {
    private static final BfdPath PATH = BfdPath.direct(RouterLink.ROUTER, RouterLink.NODE);
    private static final Duration DETECTION = Duration.ofMillis(900);
    /** What a machine with other things to do may add to it. */
    private static final Duration GRACE = Duration.ofMillis(600);

    @TempDir
    Path directory;

    private RouterLink link;
    private BfdProgram program;
    private BfdClient client;
    private Router router;

    static Stream<Named<Router.Kind>> routers() {
        return Stream.of(Named.of("BIRD", BirdRouter::start), Named.of("FRR", FrrRouter::start));
    }

    @BeforeEach
    void start() throws IOException {
        link = RouterLink.create();
        program = BfdProgram.start(link.node(), directory);
        client = BfdProgram.client(directory);
    }

    @AfterEach
    void close() throws IOException {
        try (var _ = link;
                var _ = program;
                var _ = router;
                var _ = client) {
            // In the order against that of starting, each also when another fails or was not started.
        }
    }

    @ParameterizedTest
    @MethodSource("routers")
    void bothNoticeASilenceWithinTheDetectionTimeAndComeUpAgainAfterIt(Router.Kind kind) throws IOException {
        bringUp(kind.start(link, Neighbour.every(300)), PATH);
        assertThat(report().agreed()).isEqualTo(new SessionReport.Agreed(Duration.ofMillis(300), DETECTION));
        var cut = Instant.now();
        link.cutOff();
        await().until(() -> !report().isUp() && !router.losses().isEmpty());
        assertThat(report().diagnostic()).isEqualTo(Diagnostic.DETECTION_TIME_EXPIRED);
        assertThat(report().silence().orElseThrow()).isBetween(DETECTION, DETECTION.plus(GRACE));
        assertThat(report().since())
                .isBetween(cut.plusMillis(500), cut.plus(DETECTION).plus(GRACE));
        assertThat(router.losses())
                .singleElement()
                .satisfies(time -> assertThat(time)
                        .isBetween(cut.plusMillis(500), cut.plus(DETECTION).plus(GRACE)));
        link.heal();
        await().until(() -> report().isUp() && router.isUp());
    }

    @ParameterizedTest
    @MethodSource("routers")
    void aProcessThatIsKilledAndStartedAgainIsNotMissed(Router.Kind kind) throws IOException {
        bringUp(kind.start(link, Neighbour.every(300)), PATH);
        var before = report();
        for (int i = 0; i < 3; i++) {
            program.kill();
            program = BfdProgram.start(link.node(), directory);
            await().until(() -> client.deafSince().isEmpty() && isHeard());
        }
        await().during(DETECTION.multipliedBy(2)).until(() -> router.isUp() && report().isUp());
        assertThat(router.losses()).isEmpty();
        assertThat(router.arrivals()).hasSize(1);
        assertThat(report().since()).isEqualTo(before.since());
        assertThat(report().remote()).isEqualTo(before.remote());
    }

    private boolean isHeard() {
        return report().standing() == SessionReport.Standing.HEARD;
    }

    @ParameterizedTest
    @MethodSource("routers")
    void whatHasCrossedARouterIsNotBelieved(Router.Kind kind) throws IOException {
        bringUp(kind.start(link, Neighbour.every(300)), PATH);
        link.router().run("nft add table ip ttl");
        link.router().run("nft add chain ip ttl out { type filter hook postrouting priority 0 ; }");
        link.router().run("nft add rule ip ttl out udp dport 3784 ip ttl set 254");
        await().until(() -> !report().isUp());
        assertThat(report().diagnostic()).isEqualTo(Diagnostic.DETECTION_TIME_EXPIRED);
        await().untilAsserted(() -> {
            client.refresh();
            assertThat(client.counts().drops()).containsKey(Drop.WRONG_TTL);
        });
        link.router().run("nft delete table ip ttl");
        await().until(() -> report().isUp() && router.isUp());
    }

    @ParameterizedTest
    @MethodSource("routers")
    void newIntervalsAreAgreedUponWithoutALoss(Router.Kind kind) throws IOException {
        bringUp(kind.start(link, Neighbour.every(300)), PATH);
        var slower = new SessionSettings(Duration.ofMillis(600), Duration.ofMillis(600), 3, Role.ACTIVE);
        client.watch(Map.of(PATH, slower));
        await().until(() ->
                report().agreed().equals(new SessionReport.Agreed(Duration.ofMillis(600), Duration.ofMillis(1_800))));
        client.watch(Map.of(PATH, SessionSettings.DEFAULT));
        await().until(() -> report().agreed().equals(new SessionReport.Agreed(Duration.ofMillis(300), DETECTION)));
        await().during(DETECTION.multipliedBy(2)).until(() -> router.isUp() && report().isUp());
        assertThat(router.losses()).isEmpty();
    }

    @Test
    void aClientThatGoesAwayChangesNothingAndTheNextIsToldEverything() throws IOException {
        bringUp(BirdRouter.start(link, Neighbour.every(300)), PATH);
        var before = report();
        client.close();
        await().during(DETECTION.multipliedBy(2)).until(router::isUp);
        client = BfdProgram.client(directory);
        await().until(() -> client.deafSince().isEmpty());
        assertThat(report().since()).isEqualTo(before.since());
        assertThat(router.losses()).isEmpty();
    }

    @Test
    void noiseIsCountedAndHarmsNobody() throws IOException {
        bringUp(BirdRouter.start(link, Neighbour.every(300)), PATH);
        link.router().run("bash -c echo>/dev/udp/192.0.2.1/3784");
        await().untilAsserted(() -> {
            client.refresh();
            assertThat(client.counts().drops()).containsEntry(Drop.TOO_SHORT, 1L);
        });
        assertThat(report().isUp()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("routers")
    void linkLocalAddressesDoWithADevice(Router.Kind kind) throws IOException {
        var path = new BfdPath(RouterLink.ROUTER_V6, RouterLink.NODE_V6, Optional.of(RouterLink.DEVICE), Reach.DIRECT);
        bringUp(kind.start(link, Neighbour.linkLocal()), path);
    }

    @ParameterizedTest
    @MethodSource("routers")
    void aRouterBehindRoutersIsReached(Router.Kind kind) throws IOException {
        link.node().run("ip address add 198.51.100.1/32 dev lo");
        link.router().run("ip address add 198.51.100.2/32 dev lo");
        link.node().run("ip route add 198.51.100.2/32 via 192.0.2.2");
        link.router().run("ip route add 198.51.100.1/32 via 192.0.2.1");
        var path = new BfdPath(
                IpAddress.parse("198.51.100.2"), IpAddress.parse("198.51.100.1"), Optional.empty(), Reach.MULTIHOP);
        bringUp(kind.start(link, Neighbour.behindRouters("198.51.100.1", "198.51.100.2")), path);
    }

    @ParameterizedTest
    @MethodSource("routers")
    void aSessionThatIsNoLongerWantedIsNoFailureToItsNeighbour(Router.Kind kind) throws IOException {
        bringUp(kind.start(link, Neighbour.every(300)), PATH);
        client.watch(Map.of());
        await().until(() -> !router.isUp());
        await().until(() -> client.reports().isEmpty());
        client.watch(Map.of(PATH, SessionSettings.DEFAULT));
        await().until(() -> report().isUp() && router.isUp());
    }

    @ParameterizedTest
    @MethodSource("routers")
    void staysStableThroughFlaps(Router.Kind kind) throws IOException {
        var flaps = new Flaps(link, Integer.getInteger("bfd.flaps", 30));
        router = kind.start(link, Neighbour.every(100));
        flaps.run(client, router);
    }

    private void bringUp(Router started, BfdPath path) {
        router = started;
        client.watch(Map.of(path, SessionSettings.DEFAULT));
        await().atMost(Duration.ofSeconds(20)).until(() -> BfdProgram.isUp(client, path) && router.isUp());
        assertThat(program.isAlive()).isTrue();
        await().until(() -> client.reports().get(path).agreed().detectionTime().equals(DETECTION));
    }

    private SessionReport report() {
        return client.reports().get(PATH);
    }
}
