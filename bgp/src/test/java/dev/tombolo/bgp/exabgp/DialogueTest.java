package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SessionEnd;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Lines in, lines out; no process, no time that passes by itself. */
class DialogueTest {
    private static final PeerId TOR = new PeerId("main", "tor");
    private static final String SELECTOR =
            "neighbor 192.0.2.2 local-ip 192.0.2.1 local-as 64500 peer-as 64501 router-id 192.0.2.1";
    private static final PathAttributes HERE = PathAttributes.to(IpAddress.parse("192.0.2.1"));

    static final String NEIGHBOUR = """
                Neighbor 192.0.2.2

                  Session                         Local
                   local                      192.0.2.1
                   state                           IDLE
                   down for                     0:00:05

                  Setup                           Local          Remote
                   AS                             64500           64501
                   ID                         192.0.2.1             n/a
                   hold-time                          9             n/a

                  Families                        Local          Remote        Add-Path
                   ipv4 unicast:                enabled             n/a        disabled
                """;

    private Instant now = Instant.parse("2026-12-01T00:00:00Z");
    private final Peers peers = new Peers();
    private final Dialogue dialogue = new Dialogue(peers, now);

    DialogueTest() {
        peers.become(List.of(peer()), now);
    }

    @Test
    void beginsByDroppingWhatAnEarlierAgentAskedFor() {
        assertThat(dialogue.connected(now)).containsExactly("reset", "version");
        hear("done", "error", "done");
        assertThat(say()).isEmpty();
        hear("exabgp 4.2.21", "done");
        assertThat(say()).containsExactly("show neighbor extensive", "show adj-rib out extensive");
        assertThat(dialogue.channel()).isEqualTo(ChannelState.LEARNING);
        hear("done", "done");
        assertThat(dialogue.channel()).isEqualTo(ChannelState.READY);
        assertThat(dialogue.version()).contains("4.2.21");
    }

    @Test
    void announcesOnlyWhileTheSessionIsUp() {
        ready();
        put("198.51.100.0/24");
        assertThat(say()).isEmpty();
        up();
        assertThat(say()).containsExactly(SELECTOR + " announce attributes next-hop 192.0.2.1 nlri 198.51.100.0/24");
    }

    @Test
    void tellsEndOfRibWhenEverythingIsPutAndAnswered() {
        ready();
        put("198.51.100.0/24");
        up();
        say();
        dialogue.allPut();
        assertThat(say()).isEmpty();
        hear("done");
        assertThat(say()).containsExactly(SELECTOR + " announce eor ipv4 unicast");
        assertThat(say()).as("one at a time: its answer would overtake others").isEmpty();
        hear("done");
        assertThat(say()).containsExactly(SELECTOR + " announce eor ipv6 unicast");
        hear("done");
        assertThat(peers.status(now).get(TOR).endOfRib()).isTrue();
    }

    @Test
    void withdrawsBeforeItAnnounces() {
        upWith("198.51.100.0/24");
        put("198.51.101.0/24");
        peers.link(TOR, now).rib.remove(Prefix.parse("198.51.100.0/24"));
        assertThat(say())
                .containsExactly(
                        SELECTOR + " withdraw attributes next-hop 0.0.0.0 nlri 198.51.100.0/24",
                        SELECTOR + " announce attributes next-hop 192.0.2.1 nlri 198.51.101.0/24");
    }

    @Test
    void keepsRoomForWithdrawalsInTheWindow() {
        ready();
        up();
        for (int i = 0; i < 2_000; i++) {
            peers.link(TOR, now).rib.put(new Prefix(IpAddress.v4(0x0b00_0000 + (i << 8)), 24), HERE);
        }
        assertThat(say()).hasSize(5);
        assertThat(say()).isEmpty();
        hear("done");
        assertThat(say()).hasSize(1);
    }

    @Test
    void neverMixesFamiliesInOneCommand() {
        ready();
        up();
        var hop = PathAttributes.to(IpAddress.parse("2001:db8::1"));
        peers.link(TOR, now).rib.put(Prefix.parse("198.51.100.0/24"), hop);
        peers.link(TOR, now).rib.put(Prefix.parse("2001:db8:1::/48"), hop);
        assertThat(say())
                .containsExactlyInAnyOrder(
                        SELECTOR + " announce attributes next-hop 2001:db8::1 nlri 198.51.100.0/24",
                        SELECTOR + " announce attributes next-hop 2001:db8::1 nlri 2001:db8:1::/48");
    }

    @Test
    void showsARefusedRouteWithItsCommandAndTriesItAgainInTheNextSession() {
        ready();
        up();
        put("198.51.100.0/24");
        var said = say();
        hear("error");
        assertThat(say()).isEmpty();
        assertThat(peers.status(now).get(TOR).refused())
                .containsEntry(Prefix.parse("198.51.100.0/24"), "ExaBGP refused: " + said.getFirst());
        pass(Duration.ofSeconds(1));
        hear(state("down\", \"reason\": \"peer reset, message (closing connection) error(gone)"));
        up();
        assertThat(say()).isEqualTo(said);
    }

    @Test
    void doesNotTellWhatTheSessionDoesNotCarry() {
        ready();
        hear(negotiated("\"ipv4 unicast\"", ""), state("up"));
        peers.link(TOR, now)
                .rib
                .put(Prefix.parse("198.51.100.0/24"), PathAttributes.to(IpAddress.parse("2001:db8::1")));
        peers.link(TOR, now)
                .rib
                .put(Prefix.parse("2001:db8:1::/48"), PathAttributes.to(IpAddress.parse("2001:db8::1")));
        assertThat(say()).isEmpty();
        assertThat(peers.status(now).get(TOR).refused())
                .containsEntry(Prefix.parse("2001:db8:1::/48"), "the peer does not take ipv6/unicast")
                .containsEntry(
                        Prefix.parse("198.51.100.0/24"), "the peer does not take IPv6 next hops of IPv4 prefixes");
    }

    @Test
    void keepsWhatItFindsUntilEverythingIsPut() {
        connect(SELECTOR + " family-allowed in-open ipv4 unicast 198.51.100.0/24 next-hop 192.0.2.1");
        up();
        assertThat(say()).isEmpty();
        assertThat(peers.status(now).get(TOR).told()).isEqualTo(1);
    }

    @Test
    void readsAgainWhenPeersAreSaidOnlyAfterItLooked() {
        peers.become(List.of(), now);
        String found = SELECTOR + " family-allowed in-open ipv4 unicast 198.51.100.0/24 next-hop 192.0.2.1";
        connect(found);
        peers.become(List.of(peer()), now);
        dialogue.peersChanged();
        assertThat(say()).containsExactly("show neighbor extensive", "show adj-rib out extensive");
        hear(NEIGHBOUR.split("\n"));
        hear("done", found, "done");
        assertThat(peers.status(now).get(TOR).told()).isEqualTo(1);
        dialogue.peersChanged();
        assertThat(say()).isEmpty();
    }

    @Test
    void withdrawsWhatItFindsAndNobodyWants() {
        put("198.51.101.0/24");
        dialogue.allPut();
        connect(SELECTOR + " family-allowed in-open ipv4 unicast 198.51.100.0/24 next-hop 192.0.2.1");
        assertThat(say()).containsExactly(SELECTOR + " withdraw attributes next-hop 0.0.0.0 nlri 198.51.100.0/24");
    }

    @Test
    void tellsEverythingAgainToAnExabgpThatHasForgotten() {
        upWith("198.51.100.0/24");
        dialogue.disconnected("gone", now);
        connect();
        assertThat(say()).isEmpty();
        up();
        assertThat(say()).containsExactly(SELECTOR + " announce attributes next-hop 192.0.2.1 nlri 198.51.100.0/24");
    }

    @Test
    void saysThatItIsStalledAndThatItIsNotAnyMore() {
        ready();
        up();
        put("198.51.100.0/24");
        say();
        pass(Duration.ofSeconds(6));
        assertThat(say()).isEmpty();
        assertThat(dialogue.channel()).isEqualTo(ChannelState.STALLED);
        assertThat(dialogue.isBeyondRepair(now)).isFalse();
        hear("done");
        assertThat(dialogue.channel()).isEqualTo(ChannelState.READY);
        put("198.51.101.0/24");
        say();
        pass(Duration.ofSeconds(20));
        assertThat(dialogue.isBeyondRepair(now)).isTrue();
    }

    @Test
    void asksNowAndThenWhetherExabgpIsStillThere() {
        ready();
        pass(Duration.ofSeconds(4));
        assertThat(say()).isEmpty();
        pass(Duration.ofSeconds(2));
        assertThat(say()).containsExactly("version");
        hear("exabgp 4.2.21", "done");
        assertThat(dialogue.channel()).isEqualTo(ChannelState.READY);
    }

    @Test
    void connectsAnewWhenAnAnswerToAnEarlierAgentWasTakenForItsOwn() {
        dialogue.connected(now);
        hear("exabgp 4.2.21", "done");
        say();
        hear("exabgp 4.2.21", "done", "done", "done");
        assertThat(dialogue.isBeyondRepair(now)).isTrue();
    }

    @Test
    void survivesWhatIsNoLineOfExabgp() {
        ready();
        hear("{ \"type\": \"refresh\", \"afi\": \"\"ipv4\"\" }", "%$&!", "", "{ \"type\": \"state\" }", "{}");
        up();
        put("198.51.100.0/24");
        assertThat(say()).hasSize(1);
        assertThat(dialogue.counters().unread()).isEqualTo(3);
    }

    @Test
    void tellsWhyASessionIsDown() {
        ready();
        hear(event(
                "notification", "\"direction\": \"receive\", \"message\": { \"category\": 3, \"body\": \"0x0605\" }"));
        hear(state(
                "down\", \"reason\": \"peer reset, message (closing connection) error(the TCP connection was closed by"
                        + " the remote end)"));
        var status = peers.status(now).get(TOR);
        assertThat(status.state()).isEqualTo(SessionState.IDLE);
        assertThat(status.reason()).contains("received 6/5 (connection refused)");
        assertThat(dialogue.takeEvents()).last().isInstanceOf(SpeakerEvent.SessionDown.class);
    }

    @Test
    void countsWhySessionsEnded() {
        ready();
        assertThat(ends()).as("one that was never up").isEmpty();
        up();
        hear(event("notification", "\"direction\": \"send\", \"notification\": { \"code\": 6, \"subcode\": 10 }"));
        hear(state("down\", \"reason\": \"teardown"));
        up();
        hear(state("down\", \"reason\": \"peer reset, message (closing connection) error(gone)"));
        hear(event("notification", "\"direction\": \"receive\", \"notification\": { \"code\": 2, \"subcode\": 2 }"));
        up();
        hear(event("notification", "\"direction\": \"send\", \"notification\": { \"code\": 4, \"subcode\": 0 }"));
        hear(state("down\", \"reason\": \"hold timer"));
        assertThat(ends()).isEqualTo(Map.of(SessionEnd.BFD, 1, SessionEnd.CONNECTION, 1, SessionEnd.HOLD_TIMER, 1));
        assertThat(peers.status(now).get(TOR).flaps()).isEqualTo(3);
    }

    /** A session that lives on while nobody can say so has not ended. */
    @Test
    void countsASessionThatIsGoneWhenExabgpIsBack() {
        ready();
        up();
        dialogue.disconnected("gone", now);
        assertThat(ends()).isEmpty();
        connect();
        assertThat(ends()).isEqualTo(Map.of(SessionEnd.SPEAKER, 1));
        dialogue.disconnected("gone", now);
        connect();
        assertThat(ends()).isEqualTo(Map.of(SessionEnd.SPEAKER, 1));
    }

    @Test
    void tellsOfAWithdrawalOnceItIsAcknowledged() {
        upWith("198.51.100.0/24");
        dialogue.takeEvents();
        peers.link(TOR, now).rib.remove(Prefix.parse("198.51.100.0/24"));
        say();
        assertThat(dialogue.takeEvents()).isEmpty();
        assertThat(peers.link(TOR, now).rib.acknowledged()).isEmpty();
        hear("done");
        assertThat(dialogue.takeEvents())
                .containsExactly(new SpeakerEvent.Withdrawn(TOR, List.of(Prefix.parse("198.51.100.0/24"))));
    }

    private Map<SessionEnd, Integer> ends() {
        return peers.status(now).get(TOR).ends();
    }

    @Test
    void whatExabgpRefusesToTellIsNotTakenForNothing() {
        dialogue.connected(now);
        hear("exabgp 4.2.21", "done");
        say();
        hear("error", "done");
        assertThat(dialogue.channel()).isEqualTo(ChannelState.STALLED);
        assertThat(dialogue.standing().reason()).isEqualTo("answers \"show neighbor extensive\" with an error");
        assertThat(dialogue.isBeyondRepair(now)).isFalse();
        pass(Duration.ofSeconds(16));
        assertThat(dialogue.isBeyondRepair(now)).as("to be begun anew").isTrue();
        dialogue.disconnected("to be begun anew", now);
        connect();
        assertThat(dialogue.counters().errors()).isEqualTo(1);
    }

    @Test
    void aLookThatIsRefusedChangesNothing() {
        upWith("198.51.100.0/24");
        dialogue.ask(new Command.ShowNeighbours());
        dialogue.ask(new Command.ShowRoutes());
        say();
        hear("error", "error");
        assertThat(dialogue.channel()).isEqualTo(ChannelState.READY);
        assertThat(peers.status(now).get(TOR).told()).isEqualTo(1);
        assertThat(peers.status(now).get(TOR).state()).isEqualTo(SessionState.ESTABLISHED);
    }

    @Test
    void aWithdrawalThatIsRefusedIsLookedForAgain() {
        upWith("198.51.100.0/24");
        peers.link(TOR, now).rib.remove(Prefix.parse("198.51.100.0/24"));
        say();
        assertThat(dialogue.sight().routesAt()).isEqualTo(Instant.parse("2026-12-01T00:00:00Z"));
        hear("error");
        assertThat(dialogue.sight().routesAt())
                .as("as if nobody had looked yet")
                .isEqualTo(Instant.MIN);
    }

    @Test
    void anEndOfRibThatIsRefusedIsNotSaidToBeTold() {
        ready();
        dialogue.allPut();
        up();
        say();
        hear("error");
        say();
        hear("done");
        assertThat(say()).isEmpty();
        assertThat(peers.status(now).get(TOR).endOfRib()).isFalse();
    }

    @Test
    void aNeighbourThatCannotBeReadIsCountedAndItsPeerSaysSo() {
        dialogue.connected(now);
        hear("exabgp 4.2.21", "done");
        say();
        hear("Neighbor 192.0.2.2", "", "   AS                             64500", "Neighbor 192.0.2.9");
        hear("done", "done");
        assertThat(dialogue.counters().unread()).isEqualTo(2);
        assertThat(peers.status(now).get(TOR).reason()).contains("ExaBGP does not have this session");
        connect();
        assertThat(peers.status(now).get(TOR).reason()).isEmpty();
    }

    @Test
    void tellsNothingToAPeerThatExabgpDoesNotHave() {
        dialogue.connected(now);
        hear("exabgp 4.2.21", "done");
        say();
        hear("done", "done");
        up();
        put("198.51.100.0/24");
        assertThat(say()).isEmpty();
    }

    @Test
    void believesWhatItHearsMoreThanWhatWasPrintedOfANeighbourBefore() {
        dialogue.connected(now);
        pass(Duration.ofMillis(1));
        hear("exabgp 4.2.21", "done");
        say();
        hear(NEIGHBOUR.split("\n"));
        pass(Duration.ofMillis(1));
        up();
        hear("done", "done");
        put("198.51.100.0/24");
        assertThat(say()).containsExactly(SELECTOR + " announce attributes next-hop 192.0.2.1 nlri 198.51.100.0/24");
        assertThat(peers.status(now).get(TOR).ends()).isEmpty();
    }

    private void upWith(String prefix) {
        ready();
        up();
        put(prefix);
        say();
        hear("done");
        pass(Duration.ofMillis(200));
    }

    private void ready() {
        connect();
    }

    private void connect(String... routes) {
        dialogue.connected(now);
        hear("exabgp 4.2.21", "done");
        say();
        hear(NEIGHBOUR.split("\n"));
        hear("done");
        hear(routes);
        hear("done");
        assertThat(dialogue.channel()).isEqualTo(ChannelState.READY);
    }

    private void up() {
        hear(negotiated("\"ipv4 unicast\" ,\"ipv6 unicast\"", "\"ipv4 unicast ipv6\""), state("up"));
    }

    private void put(String prefix) {
        peers.link(TOR, now).rib.put(Prefix.parse(prefix), HERE);
    }

    private static String negotiated(String families, String nextHops) {
        return event(
                "negotiated",
                "\"negotiated\": { \"hold_time\": 9, \"families\": [ " + families + " ], \"nexthop\": [ " + nextHops
                        + " ] }");
    }

    private static String state(String state) {
        return event("state", "\"state\": \"" + state + "\"");
    }

    private static String event(String type, String content) {
        return "{ \"exabgp\": \"4.0.1\", \"type\": \"" + type
                + "\", \"neighbor\": { \"address\": { \"local\": \"192.0.2.1\", \"peer\": \"192.0.2.2\" },"
                + " \"asn\": { \"local\": 64500, \"peer\": 64501 } , " + content + " } }";
    }

    private void hear(String... lines) {
        for (String line : lines) {
            dialogue.hear(line, now);
        }
    }

    private List<String> say() {
        return dialogue.say(now);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    static BgpPeer peer() {
        return new BgpPeer(
                TOR,
                new Asn(64500),
                new Asn(64501),
                IpAddress.parse("192.0.2.1"),
                IpAddress.parse("192.0.2.1"),
                IpAddress.parse("192.0.2.2"),
                179,
                Duration.ofSeconds(9),
                1,
                Optional.empty(),
                Optional.empty(),
                new TreeSet<>(EnumSet.allOf(BgpFamily.class)));
    }
}
