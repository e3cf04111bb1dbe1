package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.speaker.ChannelState;
import dev.tombolo.bgp.speaker.SessionEnd;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.bgp.speaker.SpeakerEvent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether ExaBGP answers, and what it says of sessions. */
class DialogueTest extends DialogueScene {
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

    private Map<SessionEnd, Integer> ends() {
        return peers.status(now).get(TOR).ends();
    }
}
