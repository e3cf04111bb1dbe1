package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SessionState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How it begins with an ExaBGP that has done something already, and what is made of what that says it has. */
class DialogueStartTest extends DialogueScene {
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
    void connectsAnewWhenAnAnswerToAnEarlierAgentWasTakenForItsOwn() {
        dialogue.connected(now);
        hear("exabgp 4.2.21", "done");
        say();
        hear("exabgp 4.2.21", "done", "done", "done");
        assertThat(dialogue.isBeyondRepair(now)).isTrue();
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
}
