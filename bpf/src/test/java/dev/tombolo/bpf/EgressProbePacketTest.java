package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.ProbeAddress;
import dev.tombolo.model.net.IpAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether a gateway is there: which questions its program answers, and which answers the node's stack gets. */
class EgressProbePacketTest {
    private static final String NODE = "100.64.0.2:7";
    private static final int LAST = 16_383;

    @AutoClose
    private EgressObject egress;

    @BeforeEach
    void load() throws Exception {
        egress = new EgressObject(64);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "as the agent asks,   ping 100.64.0.2:7 > 169.254.64.11 len=8, pong 169.254.64.11 > 100.64.0.2:7",
        "without a payload,   ping 100.64.0.2:7 > 169.254.64.11, pong 169.254.64.11 > 100.64.0.2:7",
        "of an odd length,    ping 100.64.0.2:7 > 169.254.64.11 len=1, pong 169.254.64.11 > 100.64.0.2:7",
        "a long one,          ping 100.64.0.2:65535 > 169.254.64.11 len=1300 df, pong 169.254.64.11 > 100.64.0.2:65535",
        "with options,        ping 100.64.0.2:7 > 169.254.64.11 options, pong 169.254.64.11 > 100.64.0.2:7",
        "about to expire,     ping 100.64.0.2:7 > 169.254.64.11 ttl=1, pong 169.254.64.11 > 100.64.0.2:7 ttl=1",
        "of a selected pod,   ping 10.1.0.2:7 > 169.254.64.11, pong 169.254.64.11 > 10.1.0.2:7"
    })
    void answersAnEcho(String name, String packet, String after) throws Exception {
        var run = egress.run("egress_gateway", packet);
        assertThat(egress.outcome(run)).isEqualTo("redirect PROBE");
        assertThat(Frame.text(run.packet())).isEqualTo(after);
        assertThat(egress.maps.translations().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 4_096, LAST})
    void answersForEveryCarriersNumber(int carrier) throws Exception {
        var address = ProbeAddress.of(carrier);
        var run = egress.run("egress_gateway", "ping " + NODE + " > " + address);
        assertThat(egress.outcome(run)).isEqualTo("redirect PROBE");
        var answer = egress.run("egress_return", "pong " + address + " > " + NODE);
        assertThat(egress.outcome(answer)).isEqualTo("pass PROBE");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, LAST + 1})
    void answersForNoAddressBeyond(int place) throws Exception {
        var address = ProbeAddress.RANGE.address().plus(place);
        var run = egress.run("egress_gateway", "ping " + NODE + " > " + address);
        assertThat(egress.outcome(run)).isEqualTo("drop DROP_NOT_SELECTED");
        var answer = egress.run("egress_return", "pong " + address + " > " + NODE);
        assertThat(egress.outcome(answer)).isEqualTo("drop DROP_NOT_A_REPLY");
        assertThatThrownBy(() -> ProbeAddress.of(place)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCarriersNumberIsInItsAddress() {
        assertThat(ProbeAddress.of(11)).isEqualTo(IpAddress.parse("169.254.64.11"));
        assertThat(ProbeAddress.of(257)).isEqualTo(IpAddress.parse("169.254.65.1"));
        assertThat(ProbeAddress.of(4_096)).isEqualTo(IpAddress.parse("169.254.80.0"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "to the outside,      ping 100.64.0.2:7 > 203.0.113.9",
        "an answer,           pong 100.64.0.2 > 169.254.64.11:7",
        "another question,    icmp 100.64.0.2 > 169.254.64.11 type=13",
        "another code,        icmp 100.64.0.2 > 169.254.64.11 type=8 code=1",
        "another protocol,    udp 100.64.0.2:7 > 169.254.64.11:7",
        "a first fragment,    ping 100.64.0.2:7 > 169.254.64.11 mf",
        "a later fragment,    ping 100.64.0.2:7 > 169.254.64.11 frag=1"
    })
    void answersNothingElse(String name, String packet) throws Exception {
        var run = egress.run("egress_gateway", packet);
        assertThat(egress.outcome(run)).isEqualTo("drop DROP_NOT_SELECTED");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a short header length,   4400001c 00000000 40010000 64400002 a9fe400b 0800f7ff 00000000",
        "a header beyond the end, 4f00001c 00000000 40010000 64400002 a9fe400b 0800f7ff 00000000",
        "a length beyond the end, 4500001d 00000000 40010000 64400002 a9fe400b 0800f7ff 00000000",
        "a length within ICMP,    4500001b 00000000 40010000 64400002 a9fe400b 0800f7ff 00000000",
        "half an ICMP header,     45000018 00000000 40010000 64400002 a9fe400b 0800f7ff",
        "no ICMP header,          45000014 00000000 40010000 64400002 a9fe400b",
        "IPv6 said to be IPv4,    6500001c 00000000 40010000 64400002 a9fe400b 0800f7ff 00000000"
    })
    void answersNothingMalformed(String name, String packet) throws Exception {
        byte[] frame = HexFormat.of().parseHex("020000000002" + "020000000001" + "0800" + packet.replace(" ", ""));
        assertThat(egress.outcome(egress.run("egress_gateway", frame, 0, 0))).isEqualTo("drop DROP_NOT_SELECTED");
    }

    @Test
    void aPodOfAWidePolicyGetsNoAnswerFromBeyondTheRange() throws Exception {
        egress.source("10.1.0.5", EgressSource.ofSet(8));
        var inside = egress.run("egress_gateway", "ping 10.1.0.5:7 > 169.254.64.11");
        assertThat(egress.outcome(inside)).isEqualTo("redirect PROBE");
        var beyond = egress.run("egress_gateway", "ping 10.1.0.5:40000 > 169.254.128.0");
        assertThat(egress.outcome(beyond)).isEqualTo("redirect FORWARDED");
        assertThat(Frame.text(beyond.packet())).isEqualTo("ping 198.51.100.8:40000 > 169.254.128.0");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a question,          ping 169.254.64.11:7 > 100.64.0.2, drop DROP_UNSUPPORTED",
        "another protocol,    udp 169.254.64.11:53 > 100.64.0.2:7, drop DROP_NOT_A_REPLY",
        "an error,            icmp 169.254.64.11 > 100.64.0.2 type=3 [ udp 100.64.0.2:7 > 169.254.64.11:53 ], drop DROP_NOT_A_REPLY",
        "a fragment,          pong 169.254.64.11 > 100.64.0.2:7 mf, drop DROP_NOT_A_REPLY",
        "of the outside,      pong 203.0.113.9 > 100.64.0.2:7, drop DROP_NOT_A_REPLY",
        "to the range,        pong 203.0.113.9 > 169.254.64.11:7, drop DROP_NOT_A_REPLY"
    })
    void theStackGetsNothingElse(String name, String packet, String outcome) throws Exception {
        assertThat(egress.outcome(egress.run("egress_return", packet))).isEqualTo(outcome);
    }

    @Test
    void theStackGetsTheAnswerAsItCame() throws Exception {
        String packet = "pong 169.254.64.11 > 100.64.0.2:7 len=8";
        var run = egress.run("egress_return", packet);
        assertThat(egress.outcome(run)).isEqualTo("pass PROBE");
        assertThat(run.packet()).isEqualTo(Frame.of(packet));
    }
}
