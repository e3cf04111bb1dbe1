package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.Protocol;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where connections begin whose backend is in another cluster, which answers for services at 192.0.2.0/28. */
class OutsideAnswerPacketTest {
    private static final String SYN = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2";
    private static final String ACK = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16";
    private static final Envelope TO_BACKEND = new Envelope("10.255.1.1", "10.2.0.7", 8080, 1377);
    private static final int TUNNEL = 1;
    private static final int REDIRECT = 7;
    private static final int FROM_OUTSIDE = 0x2000;

    @AutoClose
    private OutsideObject outside;

    @BeforeEach
    void load() throws Exception {
        outside = new OutsideObject(64);
        outside.direct("192.0.2.10:80", Protocol.TCP, "10.2.0.7:8080");
        outside.direct("192.0.2.10:53", Protocol.UDP, "10.2.0.7:5353");
        outside.direct("192.0.2.77:80", Protocol.TCP, "10.2.0.7:8080");
        outside.service("192.0.2.11:80", Protocol.TCP, Reach.OUTSIDE, "10.2.0.7:8080");
        outside.answeredThere("10.2.0.7", "10.255.1.1", TUNNEL, 1377, "192.0.2.0/28");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "what opens it, tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2",
        "what follows,  tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16 len=100",
        "an error,      icmp 198.51.100.1 > 192.0.2.10 type=3 code=4 [ tcp 192.0.2.10:80 > 203.0.113.9:4000 ]"
    })
    void goesThroughTheTunnelAsItCame(String name, String packet) throws Exception {
        outside.in(SYN);
        var run = outside.in(packet);
        String handedOn = packet.contains("[") ? packet.replace(" type", " ttl=63 type") : packet + " ttl=63";
        assertThat(run.verdict()).isEqualTo(REDIRECT);
        assertThat(run.packet()).isEqualTo(TO_BACKEND.around(handedOn));
        assertThat(outside.connections.count()).as("one entry").isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "datagrams,                   udp 203.0.113.9:4000 > 192.0.2.10:53, udp 203.0.113.9:4000 > 10.2.0.7:5353",
        "an address not named,        tcp 203.0.113.9:4000 > 192.0.2.77:80, tcp 203.0.113.9:4000 > 10.2.0.7:8080",
        "a service that wants no dsr, tcp 203.0.113.9:4000 > 192.0.2.11:80, tcp 203.0.113.9:4000 > 10.2.0.7:8080"
    })
    void everythingElseAnswersThroughThisNode(String name, String packet, String translated) throws Exception {
        var run = outside.in(packet);
        assertThat(outside.outcome(run)).isEqualTo("pass FORWARDED " + translated);
        assertThat(run.mark()).isEqualTo(FROM_OUTSIDE);
    }

    /** Their answers would not come, or their packets would be taken for forged. */
    @ParameterizedTest
    @ValueSource(strings = {"10.2.0.66", "172.30.2.11"})
    void clientsWithinTheMeshAreAnsweredThroughThisNode(String client) throws Exception {
        outside.inMesh("10.2.0.66");
        outside.clientThere("172.30.2.11");
        var run = outside.in("tcp " + client + ":4000 > 192.0.2.10:80 flags=2");
        assertThat(outside.outcome(run)).isEqualTo("pass FORWARDED tcp " + client + ":4000 > 10.2.0.7:8080");
        assertThat(run.mark()).isEqualTo(FROM_OUTSIDE);
    }

    /** Its backend does not know it as it comes now, and ends it: it does not wait for answers that nobody gives. */
    @Test
    void whereNobodyAnswersAnyMoreItBeginsAnew() throws Exception {
        outside.in(SYN);
        outside.forgetAnswers();
        var run = outside.in(ACK);
        assertThat(outside.outcome(run)).isEqualTo("pass FORWARDED tcp 203.0.113.9:4000 > 10.2.0.7:8080");
        assertThat(run.mark()).isEqualTo(FROM_OUTSIDE);
    }

    @Test
    void aLastHopIsNotTaken() throws Exception {
        assertThat(outside.outcome(outside.in(SYN + " ttl=1"))).isEqualTo("drop DROP_TTL_EXCEEDED");
    }
}
