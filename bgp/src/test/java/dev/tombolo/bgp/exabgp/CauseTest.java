package dev.tombolo.bgp.exabgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.Notification.Direction;
import dev.tombolo.bgp.speaker.SessionState;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CauseTest {
    private static final String CLOSED = "closing connection: the TCP connection was closed by the remote end";
    private static final String BROKEN = "closing connection: Broken TCP connection";

    private final Cause cause = new Cause();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            notification sent (4,0): Hold timer expired / Unspecific                 | ESTABLISHED | sent 4/0 (hold timer expired)
            notification received (6,2): Cease / Administrative Shutdown             | ESTABLISHED | received 6/2 (shut down by its administrator)
            notification sent (2,2): OPEN message error / Bad Peer AS / ASN 1 not 2  | OPEN_SENT   | sent 2/2 (wrong AS number): ASN 1 not 2
            notification received (250,250): unknown error / unknow reason           | OPEN_SENT   | received 250/250 (of a kind unknown)
            closing connection: Broken TCP connection                                | CONNECT     | no connection: refused, or unreachable
            closing connection: Broken TCP connection                                | ESTABLISHED | closing connection: Broken TCP connection
            closing connection: the TCP connection was closed by the remote end      | ESTABLISHED | the router has closed the connection
            process problem                                                          | ESTABLISHED | process problem
            ''                                                                       | ESTABLISHED | ended by ExaBGP, which does not say why
            """)
    void anEndIsSaidInWordsForAPerson(String said, SessionState left, String words) {
        cause.end(said, left, Optional.empty());
        assertThat(said()).isEqualTo(words);
    }

    @Test
    void attemptsAfterANotificationDoNotHideIt() {
        cause.hear(new Notification(Direction.RECEIVED, 6, 2), "until noon");
        cause.end(
                "notification received (6,2): Cease / Administrative Shutdown",
                SessionState.ESTABLISHED,
                Optional.empty());
        cause.begin();
        cause.end(CLOSED, SessionState.OPEN_SENT, Optional.empty());
        assertThat(said()).isEqualTo("received 6/2 (shut down by its administrator): until noon");
        cause.begin();
        cause.end(BROKEN, SessionState.CONNECT, Optional.empty());
        assertThat(said())
                .isEqualTo("received 6/2 (shut down by its administrator): until noon;"
                        + " now no connection: refused, or unreachable");
        cause.clear();
        assertThat(cause.words(Optional.empty())).isEmpty();
    }

    /** ExaBGP cannot read one with the words of an administrator, and says so to the router. */
    @Test
    void anAnswerToANotificationIsNoNewsOfItsOwn() {
        assertThat(cause.hear(new Notification(Direction.RECEIVED, 6, 4), "")).isTrue();
        assertThat(cause.hear(new Notification(Direction.SENT, 1, 0), "")).isFalse();
        cause.end(
                "notification sent (1,0): Message header error / Unspecific / can not",
                SessionState.ESTABLISHED,
                Optional.empty());
        assertThat(said()).isEqualTo("received 6/4 (reset by its administrator)");
        assertThat(cause.lastNotification()).contains(new Notification(Direction.RECEIVED, 6, 4));
        cause.begin();
        assertThat(cause.hear(new Notification(Direction.SENT, 2, 2), "")).isTrue();
    }

    @Test
    void whatIsNowReplacesWhatWasUnlessThatWasANotification() {
        cause.end(BROKEN, SessionState.CONNECT, Optional.empty());
        assertThat(cause.words(Optional.of("no answer"))).contains("no answer");
        cause.hear(new Notification(Direction.SENT, 4, 0), "");
        assertThat(cause.words(Optional.of("no answer"))).contains("sent 4/0 (hold timer expired); now no answer");
    }

    private String said() {
        return cause.words(Optional.empty()).orElseThrow();
    }
}
