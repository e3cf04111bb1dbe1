package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.speaker.SpeakerEvent;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of routes, and what becomes of it. */
class DialogueRoutesTest extends DialogueScene {
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
    void tellsNothingToAPeerThatExabgpDoesNotHave() {
        dialogue.connected(now);
        hear("exabgp 4.2.21", "done");
        say();
        hear("done", "done");
        up();
        put("198.51.100.0/24");
        assertThat(say()).isEmpty();
    }
}
