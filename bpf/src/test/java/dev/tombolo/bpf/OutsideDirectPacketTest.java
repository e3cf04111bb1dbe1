package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.Protocol;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services whose backends' nodes answer: 10.1.2.0/24 is on a neighbour, 10.1.1.0/24 here, 10.9.0.0/16 elsewhere. */
class OutsideDirectPacketTest {
    private static final String WEB = "192.0.2.10:80";
    private static final String SYN = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2";
    private static final String ACK = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16";
    private static final String HANDED_ON = "redirect FORWARDED tcp 203.0.113.9:4000 > 192.0.2.10:80 ttl=63";
    private static final int LOOPBACK = 1;
    private static final int FROM_OUTSIDE = 0x2000;

    @AutoClose
    private OutsideObject outside;

    @BeforeEach
    void load() throws Exception {
        outside = new OutsideObject(64);
        outside.direct(WEB, Protocol.TCP, "10.1.2.2:8080");
        outside.direct("192.0.2.10:53", Protocol.UDP, "10.1.2.3:5353");
        outside.direct("192.0.2.11:80", Protocol.TCP, "10.1.1.2:8080");
        outside.direct("192.0.2.12:80", Protocol.TCP, "10.9.0.2:8080");
        outside.direct("2001:db8:2::10#80", Protocol.TCP, "2001:db8:1::2#8080");
        outside.place("10.1.2.2", "172.30.1.12", LOOPBACK);
        outside.place("10.1.2.3", "172.30.1.12", LOOPBACK);
        outside.place("10.1.1.2", "172.30.1.11", 0);
        outside.place("2001:db8:1::2", "fd30:1::12", LOOPBACK);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TCP,          tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2, redirect FORWARDED tcp 203.0.113.9:4000 > 192.0.2.10:80 ttl=63",
        "UDP,          udp 203.0.113.9:4000 > 192.0.2.10:53, redirect FORWARDED udp 203.0.113.9:4000 > 192.0.2.10:53 ttl=63",
        "IPv6,         tcp 2001:db8::9#4000 > 2001:db8:2::10#80 flags=2, redirect FORWARDED tcp 2001:db8::9#4000 > 2001:db8:2::10#80 ttl=63",
        "the last hop, tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2 ttl=1, drop DROP_TTL_EXCEEDED",
        "here,         tcp 203.0.113.9:4000 > 192.0.2.11:80 flags=2, pass FORWARDED tcp 203.0.113.9:4000 > 10.1.1.2:8080",
        "elsewhere,    tcp 203.0.113.9:4000 > 192.0.2.12:80 flags=2, pass FORWARDED tcp 203.0.113.9:4000 > 10.9.0.2:8080"
    })
    void comes(String name, String packet, String outcome) throws Exception {
        assertThat(in(packet)).isEqualTo(outcome);
    }

    @Test
    void onlyWhatAnswersThroughThisNodeGetsASourceOfIt() throws Exception {
        assertThat(outside.in("tcp 203.0.113.9:4000 > 192.0.2.11:80 flags=2").mark())
                .isZero();
        assertThat(outside.in("tcp 203.0.113.9:4000 > 192.0.2.12:80 flags=2").mark())
                .isEqualTo(FROM_OUTSIDE);
    }

    @Test
    void answersOfBackendsHereComeFromTheService() throws Exception {
        in("tcp 203.0.113.9:4000 > 192.0.2.11:80 flags=2");
        assertThat(outside.outcome(outside.out("tcp 10.1.1.2:8080 > 203.0.113.9:4000 flags=18")))
                .isEqualTo("pass FORWARDED tcp 192.0.2.11:80 > 203.0.113.9:4000");
    }

    @Test
    void aConnectionKeepsItsNodeWhateverJoins() throws Exception {
        assertThat(in(SYN)).isEqualTo(HANDED_ON);
        outside.direct(WEB, Protocol.TCP, "10.1.1.2:8080", "10.1.2.2:8080 TERMINATING");
        assertThat(in(ACK)).isEqualTo(HANDED_ON);
        assertThat(outside.connections.count()).as("one entry").isEqualTo(1);
    }

    @Test
    void whatIsHandedOnSaysErrorsAndFragmentsToo() throws Exception {
        in(SYN);
        in("udp 203.0.113.9:4000 > 192.0.2.10:53 len=16 mf id=7");
        assertThat(in("udp 203.0.113.9:0 > 192.0.2.10:0 frag=3 id=7"))
                .isEqualTo("redirect FORWARDED udp 203.0.113.9 > 192.0.2.10 frag=3 ttl=63");
        assertThat(in("icmp 198.51.100.1 > 192.0.2.10 type=3 code=4 [ tcp 192.0.2.10:80 > 203.0.113.9:4000 ]"))
                .isEqualTo("redirect FORWARDED icmp 198.51.100.1 > 192.0.2.10 ttl=63 type=3 "
                        + "[ tcp 192.0.2.10:80 > 203.0.113.9:4000 ]");
    }

    /** Its backend has gone: what goes on goes to another one, which ends it. */
    @Test
    void aConnectionWithoutAWayBeginsAnew() throws Exception {
        in(SYN);
        outside.forgetPlace("10.1.2.2");
        outside.direct(WEB, Protocol.TCP, "10.1.1.2:8080");
        assertThat(in(ACK)).isEqualTo("pass FORWARDED tcp 203.0.113.9:4000 > 10.1.1.2:8080");
        assertThat(outside.connections.count()).isEqualTo(2);
    }

    /** A connection of the same client through this node, to the same backend, is another one. */
    @Test
    void whatIsHandedOnTakesNoOtherConnectionAlong() throws Exception {
        in(SYN);
        outside.forgetPlace("10.1.2.2");
        outside.direct("192.0.2.13:80", Protocol.TCP, "10.1.2.2:8080");
        in("tcp 203.0.113.9:4000 > 192.0.2.13:80 flags=2");
        in(SYN);
        assertThat(outside.outcome(outside.out("tcp 10.1.2.2:8080 > 203.0.113.9:4000")))
                .isEqualTo("pass FORWARDED tcp 192.0.2.13:80 > 203.0.113.9:4000");
    }

    /** That node has handed it back: nobody would ever serve it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TCP, tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2, pass FORWARDED tcp 203.0.113.9:4000 > 10.1.2.2:8080 ttl=62",
        "UDP, udp 203.0.113.9:4000 > 192.0.2.10:53, pass FORWARDED udp 203.0.113.9:4000 > 10.1.2.3:5353 ttl=62"
    })
    void whatComesBackIsServedThroughThisNode(String name, String packet, String outcome) throws Exception {
        in(packet);
        var run = outside.in(packet + " ttl=62");
        assertThat(outside.outcome(run)).isEqualTo(outcome);
        assertThat(run.mark()).isEqualTo(FROM_OUTSIDE);
        assertThat(outside.connections.count()).isEqualTo(2);
    }

    /** Routers on the way to this node may have changed. */
    @Test
    void aConnectionThatGoesOnMayTakeAnotherWayHere() throws Exception {
        in(SYN);
        in(ACK);
        assertThat(in(ACK + " ttl=60")).startsWith("redirect FORWARDED").endsWith("ttl=59");
    }

    @Test
    void aClosedConnectionsPortIsUsedAgain() throws Exception {
        in(SYN);
        in("tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=17");
        outside.direct(WEB, Protocol.TCP, "10.1.1.2:8080", "10.1.2.2:8080 TERMINATING");
        assertThat(in(SYN)).isEqualTo("pass FORWARDED tcp 203.0.113.9:4000 > 10.1.1.2:8080");
    }

    private String in(String packet) throws Exception {
        return outside.outcome(outside.in(packet));
    }
}
