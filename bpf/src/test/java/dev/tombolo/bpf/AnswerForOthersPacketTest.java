package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node whose cluster answers for services of cluster 2 at 192.0.2.0/28. Its pods are 10.1.0.0/16. */
class AnswerForOthersPacketTest {
    private static final Envelope ENVELOPE = new Envelope("10.255.2.1", "10.1.0.7", 8080, 1377);
    private static final String SYN = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2";
    private static final String ACK = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16";
    private static final String DELIVERED = "pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.7:8080";
    private static final int FIRST_HEADER_BYTE = Frame.L3;

    @AutoClose
    private AnsweringObject node;

    @BeforeEach
    void load() throws Exception {
        node = new AnsweringObject(64);
        node.own("10.1.0.0/16");
        node.of(2, "10.255.2.0/24");
        node.of(3, "10.255.3.0/24");
        node.answersFor(2, "192.0.2.0/28");
    }

    @Test
    void aConnectionIsServedAsIfItHadComeHere() throws Exception {
        assertThat(node.outcome(ENVELOPE.around(SYN))).isEqualTo(DELIVERED);
        assertThat(node.outcome(ENVELOPE.around(ACK + " len=100"))).isEqualTo(DELIVERED);
        assertThat(out("tcp 10.1.0.7:8080 > 203.0.113.9:4000"))
                .isEqualTo("pass FORWARDED tcp 192.0.2.10:80 > 203.0.113.9:4000");
        assertThat(node.uplink.connections.count()).isEqualTo(2);
        assertThat(node.comes(ENVELOPE.around(ACK)).mark())
                .as("asks for no source of this node")
                .isZero();
    }

    /** Who hands on may be another node, after the first one died. */
    @Test
    void anotherNodeOfThatClusterMayHandOn() throws Exception {
        node.outcome(ENVELOPE.around(SYN));
        assertThat(node.outcome(new Envelope("10.255.2.9", "10.1.0.7", 8080, 1377).around(ACK)))
                .isEqualTo(DELIVERED);
        assertThat(node.uplink.connections.count()).isEqualTo(2);
    }

    @Test
    void whoHandsOnChoosesTheBackend() throws Exception {
        node.outcome(ENVELOPE.around(SYN));
        assertThat(node.outcome(new Envelope("10.255.2.1", "10.1.0.8", 8081, 1377).around(SYN)))
                .isEqualTo("pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.8:8081");
        assertThat(node.uplink.connections.count()).isEqualTo(2);
        assertThat(out("tcp 10.1.0.7:8080 > 203.0.113.9:4000")).isEqualTo("pass tcp 10.1.0.7:8080 > 203.0.113.9:4000");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "longer than the way,  1460, 1377, 1337",
        "as long as it is,     1337, 1377, 1337",
        "shorter,              1000, 1377, 1000",
        "a way without a size, 1460, 0,    1460"
    })
    void whatOpensAConnectionSaysHowLongTheClientsPacketsMayBe(String name, int said, int room, int heard)
            throws Exception {
        node.outcome(new Envelope("10.255.2.1", "10.1.0.7", 8080, room).around(SYN));
        assertThat(out("tcp 10.1.0.7:8080 > 203.0.113.9:4000 flags=18 mss=" + said))
                .isEqualTo("pass FORWARDED tcp 192.0.2.10:80 > 203.0.113.9:4000 mss=" + heard);
        assertThat(out("tcp 10.1.0.7:8080 > 203.0.113.9:4000 flags=16 mss=" + said))
                .as("what opens nothing says nothing")
                .isEqualTo("pass FORWARDED tcp 192.0.2.10:80 > 203.0.113.9:4000 mss=" + said);
    }

    @Test
    void errorsAreOfTheirConnection() throws Exception {
        String error = "icmp 198.51.100.1 > 192.0.2.10 type=3 code=4 [ tcp 192.0.2.10:80 > 203.0.113.9:4000 ]";
        assertThat(node.outcome(ENVELOPE.around(error))).isEqualTo("drop DROP_NO_MAPPING");
        node.outcome(ENVELOPE.around(SYN));
        assertThat(node.outcome(ENVELOPE.around(error)))
                .isEqualTo("pass FORWARDED icmp 198.51.100.1 > 10.1.0.7 type=3 "
                        + "[ tcp 10.1.0.7:8080 > 203.0.113.9:4000 ]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "an address not named,  10.255.2.1, 10.1.0.7, tcp 203.0.113.9:4000 > 192.0.2.99:80, DROP_NOT_ANSWERED",
        "another cluster,       10.255.3.1, 10.1.0.7, tcp 203.0.113.9:4000 > 192.0.2.10:80, DROP_NOT_ANSWERED",
        "nobody that is known,  10.9.9.9,   10.1.0.7, tcp 203.0.113.9:4000 > 192.0.2.10:80, DROP_NOT_ANSWERED",
        "one of us,             10.1.0.9,   10.1.0.7, tcp 203.0.113.9:4000 > 192.0.2.10:80, DROP_NOT_ANSWERED",
        "a client of ours,      10.255.2.1, 10.1.0.7, tcp 10.1.0.66:4000 > 192.0.2.10:80,   DROP_SPOOFED_LOCAL",
        "a backend of nobody's, 10.255.2.1, 10.7.0.7, tcp 203.0.113.9:4000 > 192.0.2.10:80, DROP_SPOOFED_LOCAL",
        "a backend elsewhere,   10.255.2.1, 10.255.3.7, tcp 203.0.113.9:4000 > 192.0.2.10:80, DROP_SPOOFED_LOCAL"
    })
    void isNotAnswered(String name, String from, String backend, String packet, String reason) throws Exception {
        byte[] frame = new Envelope(from, backend, 8080, 1377).around(packet + " flags=2");
        assertThat(node.outcome(frame)).isEqualTo("drop " + reason);
        assertThat(node.uplink.connections.count()).isZero();
    }

    /** Although its administrator named it: pods would answer in each other's name. */
    @Test
    void addressesOfOursAreNotAnsweredForAnybody() throws Exception {
        node.answersFor(2, "10.1.0.0/24");
        assertThat(node.outcome(ENVELOPE.around("tcp 203.0.113.9:4000 > 10.1.0.66:80 flags=2")))
                .isEqualTo("drop DROP_SPOOFED_LOCAL");
    }

    @Test
    void consentThatIsTakenBackEndsWhatGoesOn() throws Exception {
        node.outcome(ENVELOPE.around(SYN));
        node.answers().delete(node.answersFor(2, "192.0.2.0/28"));
        assertThat(node.outcome(ENVELOPE.around(ACK))).isEqualTo("drop DROP_NOT_ANSWERED");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"a packet of a pod, 9, 6", "GRE of a pod, 23, 8", "options, 0, 70", "a fragment, 6, 32"})
    void whatIsNoneOfOursIsLeftAlone(String name, int at, int value) throws Exception {
        byte[] frame = ENVELOPE.around(SYN);
        frame[FIRST_HEADER_BYTE + at] = (byte) value;
        var run = node.comes(frame);
        assertThat(run.verdict()).isEqualTo(-1);
        assertThat(run.packet()).isEqualTo(frame);
    }

    @Test
    void whatIsCutShortOrWildDoesNoHarm() throws Exception {
        byte[] whole = ENVELOPE.around(SYN);
        for (int size = Frame.L3 + 20; size < whole.length; size++) {
            assertThat(node.comes(Arrays.copyOf(whole, size)).verdict())
                    .as("%d bytes", size)
                    .isIn(-1, 2);
        }
        var random = new Random(4);
        for (int i = 0; i < 300; i++) {
            byte[] frame = whole.clone();
            int at = Frame.L3 + Envelope.SIZE + random.nextInt(frame.length - Frame.L3 - Envelope.SIZE);
            frame[at] = (byte) random.nextInt();
            assertThat(node.comes(frame).verdict()).isIn(-1, 2);
        }
    }

    @Test
    void aPortThatIsUsedAgainBeginsAnew() throws Exception {
        node.outcome(ENVELOPE.around(SYN));
        node.outcome(ENVELOPE.around(ACK.replace("16", "17")));
        assertThat(node.outcome(ENVELOPE.around(SYN))).isEqualTo(DELIVERED);
        assertThat(node.uplink.connections.count()).isEqualTo(2);
    }

    private String out(String packet) throws Exception {
        return node.uplink.outcome(node.uplink.out(packet));
    }
}
