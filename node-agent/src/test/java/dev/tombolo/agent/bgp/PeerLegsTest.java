package dev.tombolo.agent.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.speaker.Negotiated;
import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.Notification.Direction;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Of a session of AS 64500 with AS 64501 for both families. */
class PeerLegsTest {
    private static final Set<BgpFamily> BOTH = EnumSet.allOf(BgpFamily.class);

    private SessionState state = SessionState.ESTABLISHED;
    private Optional<String> reason = Optional.empty();
    private Optional<Notification> last = Optional.empty();
    private Set<BgpFamily> agreed = BOTH;
    private Map<Prefix, String> refused = Map.of();
    private Optional<BgpPeer.Password> password = Optional.empty();
    private Optional<RouterAnswer> answer = Optional.empty();

    @Test
    void aSessionThatIsUpProvesWhatItNeeds() {
        password = Optional.of(new BgpPeer.Password("secret"));
        assertThat(shown())
                .containsExactly(
                        "bgp tcp Holds port 179 of 192.0.2.1 is connected",
                        "bgp asn Holds 64501 there, 64500 here",
                        "bgp families Holds ipv4, ipv6",
                        "bgp hold time Holds 9 s",
                        "bgp password Holds both sides have the same",
                        "bgp routes Holds acknowledged by the speaker; the router was not asked whether it uses them");
    }

    @Test
    void aFamilyThatTheRouterDoesNotTakeIsNamed() {
        agreed = EnumSet.of(BgpFamily.IPV4);
        assertThat(broken()).singleElement().satisfies(leg -> {
            assertThat(leg.leg()).isEqualTo("bgp families");
            assertThat(leg.read()).isEqualTo("ipv4");
            assertThat(leg.expected()).isEqualTo("ipv4, ipv6");
        });
    }

    @Test
    void aRouteThatCannotBeToldIsShown() {
        refused = Map.of(Prefix.parse("2001:db8::/64"), "the session has no ipv6");
        assertThat(broken())
                .singleElement()
                .satisfies(leg -> assertThat(leg.read()).isEqualTo("2001:db8::/64: the session has no ipv6"));
    }

    @Test
    void numbersThatDoNotAgreeAreNamedByWhoeverSaysSo() {
        for (var side : Direction.values()) {
            down(new Notification(side, 2, 2));
            assertThat(broken()).singleElement().satisfies(leg -> {
                assertThat(leg.leg()).isEqualTo("bgp asn");
                assertThat(leg.of()).isEqualTo("main/tor");
                assertThat(leg.read()).isEqualTo(last.get().toString());
                assertThat(leg.expected())
                        .isEqualTo("the router to have AS 64501, and to expect AS 64500 of 192.0.2.9");
            });
        }
    }

    /** As ExaBGP says how a session ended, and with more words behind ours. */
    @Test
    void aNotificationIsKnownInWhateverWords() {
        for (String words : List.of(
                "notification sent (2,2): OPEN message error / Bad Peer AS. ASN in OPEN (64512) did not match",
                "sent 2/2 (wrong AS number): ASN in OPEN; now no answer")) {
            down(new Notification(Direction.SENT, 2, 2));
            reason = Optional.of(words);
            assertThat(broken()).as(words).extracting(Leg::leg).containsExactly("bgp asn");
        }
    }

    @Test
    void whatWasRefusedInAnOpenIsALegOfItsOwn() {
        assertThat(refusal(3)).isEqualTo("bgp router id");
        assertThat(refusal(6)).isEqualTo("bgp hold time");
        assertThat(refusal(7)).isEqualTo("bgp families");
        assertThat(refusal(1)).isEqualTo("bgp session");
    }

    private String refusal(int subcode) {
        down(new Notification(Direction.RECEIVED, 2, subcode));
        return broken().getFirst().leg();
    }

    @Test
    void aHoldTimerThatExpiredPointsAtTheWay() {
        down(new Notification(Direction.SENT, 4, 0));
        assertThat(broken()).extracting(Leg::leg).containsExactly("bgp hold time");
    }

    /** What ended an earlier session is no cause of what is now. */
    @Test
    void anOldWordCountsNoMore() {
        down(new Notification(Direction.RECEIVED, 2, 2));
        reason = Optional.of("no answer: unreachable, a firewall");
        answer = Optional.of(new RouterAnswer.Refused());
        assertThat(broken()).extracting(Leg::leg).containsExactly("bgp tcp");
    }

    @Test
    void aRouterThatCannotBeReachedIsToldFromOneThatRefuses() {
        down();
        answer = Optional.of(new RouterAnswer.Refused());
        assertThat(broken())
                .singleElement()
                .satisfies(leg -> assertThat(leg.read()).isEqualTo("port 179 of 192.0.2.1 refuses connections"));
        answer = Optional.of(new RouterAnswer.NoWay("No route to host"));
        assertThat(broken())
                .singleElement()
                .satisfies(leg ->
                        assertThat(leg.read()).isEqualTo("port 179 of 192.0.2.1 cannot be reached: No route to host"));
        answer = Optional.of(new RouterAnswer.Silent());
        assertThat(broken())
                .singleElement()
                .satisfies(leg -> assertThat(leg.cause()).contains("it expects a password"));
    }

    /** Nothing answers a wrong password, so it can only be suspected. */
    @Test
    void aPasswordIsSuspectedAndNotFoundGuilty() {
        down();
        password = Optional.of(new BgpPeer.Password("secret"));
        answer = Optional.of(new RouterAnswer.Silent());
        assertThat(unknown())
                .singleElement()
                .satisfies(leg -> assertThat(leg.cause()).startsWith("the router may have another password"));
        answer = Optional.of(new RouterAnswer.Taken());
        assertThat(unknown()).extracting(Leg::leg).containsExactly("bgp password");
        assertThat(broken()).isEmpty();
    }

    @Test
    void aSessionThatHasJustBegunIsNotBrokenYet() {
        state = SessionState.CONNECT;
        assertThat(unknown()).extracting(Leg::leg).containsExactly("bgp session");
        reason = Optional.of("no answer: unreachable, a firewall");
        assertThat(broken()).extracting(Leg::leg).containsExactly("bgp session");
    }

    @Test
    void aRouterThatSpeaksIsNotLookedFor() {
        assertThat(PeerLegs.isMute(status())).isFalse();
        down(new Notification(Direction.RECEIVED, 2, 2));
        assertThat(PeerLegs.isMute(status())).isFalse();
        down();
        assertThat(PeerLegs.isMute(status())).isTrue();
    }

    private void down(Notification said) {
        state = SessionState.IDLE;
        last = Optional.of(said);
        reason = last.map(Object::toString);
    }

    private void down() {
        state = SessionState.ACTIVE;
        last = Optional.empty();
        reason = Optional.of("no answer: unreachable, a firewall");
    }

    private List<String> shown() {
        return legs().stream()
                .map(leg -> leg.leg() + " " + leg.state() + " " + leg.read())
                .toList();
    }

    private List<Leg> broken() {
        return legs().stream().filter(leg -> leg.state() == State.Broken).toList();
    }

    private List<Leg> unknown() {
        return legs().stream().filter(leg -> leg.state() == State.Unknown).toList();
    }

    private List<Leg> legs() {
        return PeerLegs.of(peer(password), status(), answer);
    }

    private PeerStatus status() {
        return new PeerStatus(
                state,
                Instant.EPOCH,
                reason,
                last,
                Optional.of(new Negotiated(Duration.ofSeconds(9), agreed, false)),
                Map.of(),
                1,
                1,
                0,
                refused,
                true);
    }

    private static BgpPeer peer(Optional<BgpPeer.Password> password) {
        return new BgpPeer(
                new PeerId("main", "tor"),
                new Asn(64_500),
                new Asn(64_501),
                IpAddress.parse("192.0.2.9"),
                IpAddress.parse("192.0.2.9"),
                IpAddress.parse("192.0.2.1"),
                179,
                Duration.ofSeconds(9),
                1,
                Optional.empty(),
                password,
                new TreeSet<>(BOTH));
    }
}
