package dev.tombolo.bgp.exabgp.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.Community;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.RouteKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ExaBGP, the bridge and the speaker with BIRD at the other end. */
class SpeakerLabTest {
    private static final Duration LONG = Lab.LONG;

    private Lab lab;

    @BeforeEach
    void setUp() throws Exception {
        lab = new Lab();
    }

    @AfterEach
    void tearDown() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void tellsRoutesWithAllTheirAttributes() throws Exception {
        var bird = lab.bird(1, "password \"deadbeef\";");
        lab.start(Lab.withPassword(Lab.peer(1), "deadbeef"));
        var attributes = new PathAttributes(
                IpAddress.parse("192.0.2.1"),
                List.of(Lab.OURS, Lab.OURS),
                OptionalLong.of(50),
                OptionalLong.empty(),
                new TreeSet<>(Set.of(
                        Community.GRACEFUL_SHUTDOWN,
                        new Community.Standard(64500, 7),
                        new Community.Large(64500, 1, 2))));
        lab.put(Map.of(
                new RouteKey(Lab.id(1), Prefix.parse("198.51.100.0/24")), attributes,
                new RouteKey(Lab.id(1), Prefix.parse("2001:db8:7::/48")),
                        PathAttributes.to(IpAddress.parse("2001:db8:0:1::1")),
                new RouteKey(Lab.id(1), Prefix.parse("203.0.113.9/32")),
                        PathAttributes.to(IpAddress.parse("2001:db8:0:1::1"))));
        lab.speaker().allRoutesPut();
        lab.awaitTold(1);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(bird.route("198.51.100.0/24"))
                        .contains("BGP.as_path: 64500 64500 64500")
                        .contains("BGP.next_hop: 192.0.2.1")
                        .contains("BGP.med: 50")
                        .contains("(64500,7)")
                        .contains("(65535,0)")
                        .contains("(64500, 1, 2)"));
        assertThat(bird.route("2001:db8:7::/48")).contains("BGP.next_hop: 2001:db8:0:1::1");
        assertThat(bird.route("203.0.113.9/32")).contains("BGP.next_hop: 2001:db8:0:1::1");
        var status = lab.status(1);
        assertThat(status.negotiated().orElseThrow().holdTime()).isEqualTo(Duration.ofSeconds(9));
        assertThat(status.told()).isEqualTo(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lab.config())))
                .isEqualTo("rw-------");
        assertThat(lab.exabgp().logText()).doesNotContain("deadbeef");
    }

    @Test
    void withdrawsWhatIsRemovedAndChangesWhatIsPutAnew() throws Exception {
        var bird = up(20);
        var changed = new PathAttributes(
                IpAddress.parse("192.0.2.1"), List.of(), OptionalLong.of(9), OptionalLong.empty(), new TreeSet<>());
        lab.speaker()
                .routes()
                .change(
                        Set.of(new RouteKey(Lab.id(1), Lab.prefix(0))),
                        Map.of(new RouteKey(Lab.id(1), Lab.prefix(1)), changed));
        await().atMost(LONG).until(() -> bird.count() == 19);
        await().atMost(LONG).until(() -> bird.route("11.0.1.0/24").contains("BGP.med: 9"));
    }

    /** In one turn of its loop ExaBGP sends what came last first, where its attributes came first. */
    @Test
    void leavesTheRouterWithWhatWasSaidLastHoweverFastItIsSaid() throws Exception {
        var bird = up(20);
        var key = new RouteKey(Lab.id(1), Lab.prefix(1));
        var routes = lab.speaker().routes();
        for (int i = 0; i < 300; i++) {
            routes.put(key, med(i % 3));
            routes.put(new RouteKey(Lab.id(1), Lab.prefix(2)), med((i + 1) % 3));
            if (i % 5 == 0) {
                routes.remove(key);
            }
        }
        routes.put(key, med(7));
        await().atMost(LONG).until(() -> lab.status(1).pending() == 0);
        await().atMost(LONG).until(() -> bird.route("11.0.1.0/24").contains("BGP.med: 7"));
        assertThat(bird.route("11.0.2.0/24")).contains("BGP.med: 0");
        assertThat(bird.count()).isEqualTo(20);
    }

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
        assertThat(lab.events.stream().filter(SpeakerEvent.SessionUp.class::isInstance))
                .hasSize(2);
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

    @Test
    void tellsANewPeerEverythingAndDisturbsNoOther() throws Exception {
        var first = up(50);
        var second = lab.bird(2, "");
        var watch = new Watch(first, 50);
        lab.put(Lab.routes(2, 30));
        lab.speaker().apply(List.of(Lab.peer(1), Lab.peer(2)));
        lab.awaitTold(2);
        await().atMost(LONG).until(() -> second.count() == 30);
        lab.speaker().apply(List.of(Lab.peer(1)));
        await().atMost(LONG).until(() -> second.count() == 0);
        assertThat(watch.stop()).isEmpty();
        assertThat(lab.status(1).flaps()).isZero();
    }

    @Test
    void doesNotBringBackOldRoutesWithAPeerThatComesBack() throws Exception {
        up(1);
        var second = lab.bird(2, "");
        lab.put(Lab.routes(2, 30));
        lab.speaker().apply(List.of(Lab.peer(1), Lab.peer(2)));
        await().atMost(LONG).until(() -> second.count() == 30);
        lab.speaker().apply(List.of(Lab.peer(1)));
        await().atMost(LONG).until(() -> second.count() == 0);
        lab.speaker().routes().removeAll(Lab.routes(2, 29).keySet());
        lab.speaker().apply(List.of(Lab.peer(1), Lab.peer(2)));
        lab.awaitTold(2);
        await().atMost(LONG).until(() -> second.count() == 1);
    }

    @Test
    void keepsTheFileThatWorksWhenTheNewOneCannotBeRead() throws Exception {
        var bird = up(5);
        String before = Files.readString(lab.config());
        var nonsense = new BgpPeer(
                Lab.id(2),
                Lab.OURS,
                Lab.asnOf(2),
                IpAddress.parse("2001:db8::1"),
                IpAddress.parse(Lab.local(2)),
                IpAddress.parse(Lab.remote(2)),
                179,
                Duration.ofSeconds(1),
                1,
                Optional.empty(),
                Optional.of(new BgpPeer.Password("geheim")),
                Lab.peer(2).families());
        lab.speaker().apply(List.of(Lab.peer(1), nonsense));
        await().atMost(LONG)
                .until(() -> lab.speaker().status().configurationProblem().isPresent());
        assertThat(lab.speaker().status().configurationProblem().get())
                .startsWith("ExaBGP can't read its configuration")
                .doesNotContain("geheim");
        assertThat(Files.readString(lab.config())).isEqualTo(before);
        assertThat(bird.count()).isEqualTo(5);
        lab.speaker().apply(List.of(Lab.peer(1)));
        await().atMost(LONG)
                .until(() -> lab.speaker().status().configurationProblem().isEmpty());
    }

    @Test
    void saysThatTheAsNumberIsWrong() throws Exception {
        lab.bird(1, "");
        var peer = Lab.peer(1);
        lab.start(new BgpPeer(
                peer.id(),
                peer.localAsn(),
                new Asn(64999),
                peer.routerId(),
                peer.localAddress(),
                peer.peerAddress(),
                179,
                peer.holdTime(),
                1,
                peer.restartTime(),
                peer.password(),
                peer.families()));
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(lab.status(1).reason().orElse("")).containsAnyOf("wrong AS number", "Bad Peer AS"));
        assertThat(lab.status(1).state()).isNotEqualTo(SessionState.ESTABLISHED);
    }

    @Test
    void saysThatNothingAnswersWhereThePasswordIsWrong() throws Exception {
        lab.bird(1, "password \"geheim\";");
        lab.start(Lab.withPassword(Lab.peer(1), "falsch"));
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(lab.status(1).reason().orElse("")).isNotEmpty());
        assertThat(lab.status(1).state()).isNotEqualTo(SessionState.ESTABLISHED);
    }

    /** A password does not show in what ExaBGP says of its neighbours. */
    @Test
    void takesANewPassword() throws Exception {
        var bird = lab.bird(1, "password \"geheim\";");
        lab.start(Lab.withPassword(Lab.peer(1), "falsch"));
        lab.put(Lab.routes(1, 3));
        lab.speaker().allRoutesPut();
        await().atMost(LONG).ignoreExceptions().until(() -> lab.status(1).state() == SessionState.ACTIVE);
        lab.speaker().apply(List.of(Lab.withPassword(Lab.peer(1), "geheim")));
        await().atMost(LONG).until(() -> bird.count() == 3);
    }

    /** To ExaBGP that is another neighbour, which has been told nothing. */
    @Test
    void tellsEverythingToAPeerWhoseIdentityChanges() throws Exception {
        var bird = up(20);
        var peer = Lab.peer(1);
        lab.speaker()
                .apply(List.of(new BgpPeer(
                        peer.id(),
                        peer.localAsn(),
                        peer.peerAsn(),
                        IpAddress.parse("192.0.2.200"),
                        peer.localAddress(),
                        peer.peerAddress(),
                        179,
                        peer.holdTime(),
                        1,
                        peer.restartTime(),
                        peer.password(),
                        peer.families())));
        await().atMost(LONG).until(() -> Files.readString(lab.config()).contains("router-id 192.0.2.200"));
        await().atMost(LONG)
                .until(() -> lab.events.stream()
                                .filter(SpeakerEvent.SessionUp.class::isInstance)
                                .count()
                        == 2);
        lab.awaitTold(1);
        await().atMost(LONG).until(() -> bird.count() == 20);
        assertThat(lab.speaker().status().configurationProblem()).isEmpty();
    }

    @Test
    void saysThatThePeerRefuses() throws Exception {
        lab.link(1);
        lab.start(Lab.peer(1));
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(lab.status(1).reason().orElse("")).isNotEmpty());
    }

    @Test
    void keepsPoisonFromExabgp() throws Exception {
        var bird = up(5);
        var poison = Map.of(
                "2001:db8:9::/48", "192.0.2.1",
                "198.51.100.0/24", "0.0.0.0",
                "198.51.101.0/24", "224.0.0.5",
                "198.51.102.0/24", Lab.remote(1),
                "127.0.0.0/8", "192.0.2.1",
                "2001:db8:a::/48", "fe80::1");
        poison.forEach((prefix, hop) -> assertThat(lab.speaker()
                        .routes()
                        .change(
                                Set.of(),
                                Map.of(
                                        new RouteKey(Lab.id(1), Prefix.parse(prefix)),
                                        PathAttributes.to(IpAddress.parse(hop)))))
                .as(prefix)
                .hasSize(1));
        lab.put(Lab.routes(1, 6));
        await().atMost(LONG).until(() -> bird.count() == 6);
        assertThat(lab.status(1).told()).isEqualTo(6);
        assertThat(lab.status(1).flaps()).isZero();
    }

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

    @Test
    void endsASessionThatIsToBeReset() throws Exception {
        up(5);
        lab.speaker().reset(Lab.id(1));
        await().atMost(LONG).until(() -> lab.status(1).flaps() == 1);
        await().atMost(LONG).until(() -> lab.status(1).state() == SessionState.ESTABLISHED);
    }

    /** Until then all that is known is from before. */
    private void awaitResync() {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> lab.speaker().status().counters().resyncs() == 2);
    }

    private Bird up(int routes) throws Exception {
        var bird = lab.bird(1, "");
        lab.start(Lab.peer(1));
        lab.put(Lab.routes(1, routes));
        lab.speaker().allRoutesPut();
        lab.awaitTold(1);
        await().atMost(LONG).until(() -> bird.count() == routes);
        return bird;
    }

    private static PathAttributes med(int value) {
        return new PathAttributes(
                IpAddress.parse("192.0.2.1"), List.of(), OptionalLong.of(value), OptionalLong.empty(), new TreeSet<>());
    }
}
