package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.Protocol;
import java.util.HashSet;
import java.util.HexFormat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same programs with the other family. The client is 2001:db8::9, services are 2001:db8:2::, backends 2001:db8:1::. */
class OutsideIpv6PacketTest {
    private static final String WEB = "2001:db8:2::10#80";
    private static final String SYN = "tcp 2001:db8::9#4000 > 2001:db8:2::10#80 flags=2";

    @AutoClose
    private OutsideObject outside;

    @BeforeEach
    void load() throws Exception {
        outside = new OutsideObject(4096);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, "2001:db8:1::2#8080");
        outside.service("2001:db8:2::10#53", Protocol.UDP, Reach.OUTSIDE, "2001:db8:1::3#5353");
        outside.service("2001:db8:2::11#80", Protocol.TCP, Reach.OUTSIDE_LOCAL, "2001:db8:1::2#8080");
        outside.service("2001:db8:2::1#30080", Protocol.TCP, Reach.NODE_PORT, "2001:db8:1::2#8080");
        outside.service("2001:db8:2::12#80", Protocol.TCP, Reach.OUTSIDE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TCP,                  tcp 2001:db8::9#4000 > 2001:db8:2::10#80 flags=2, pass FORWARDED tcp 2001:db8::9#4000 > 2001:db8:1::2#8080",
        "with options,         tcp 2001:db8::9#4000 > 2001:db8:2::10#80 flags=2 options, pass FORWARDED tcp 2001:db8::9#4000 > 2001:db8:1::2#8080",
        "a port of the node,   tcp 2001:db8::9#4000 > 2001:db8:2::1#30080 flags=2, pass FORWARDED tcp 2001:db8::9#4000 > 2001:db8:1::2#8080",
        "an answer to it,      tcp 2001:db8::9#443 > 2001:db8:2::1#30080 flags=18, pass tcp 2001:db8::9#443 > 2001:db8:2::1#30080",
        "UDP,                  udp 2001:db8::9#4000 > 2001:db8:2::10#53 len=5, pass FORWARDED udp 2001:db8::9#4000 > 2001:db8:1::3#5353",
        "another port,         tcp 2001:db8::9#4000 > 2001:db8:2::10#81, pass tcp 2001:db8::9#4000 > 2001:db8:2::10#81",
        "no backend,           tcp 2001:db8::9#4000 > 2001:db8:2::12#80 flags=2, pass DROP_NO_BACKEND tcp 2001:db8::9#4000 > 2001:db8:2::12#80",
        "a ping,               ping 2001:db8::9#7 > 2001:db8:2::10, pass ping 2001:db8::9#7 > 2001:db8:2::10",
        "a stray fragment,     udp 2001:db8::9#0 > 2001:db8:2::10#0 frag=3, pass udp 2001:db8::9 > 2001:db8:2::10 frag=3"
    })
    void comes(String name, String packet, String outcome) throws Exception {
        assertThat(in(packet)).isEqualTo(outcome);
    }

    @Test
    void answersComeFromTheService() throws Exception {
        outside.in(SYN);
        assertThat(out("tcp 2001:db8:1::2#8080 > 2001:db8::9#4000 flags=18"))
                .isEqualTo("pass FORWARDED tcp 2001:db8:2::10#80 > 2001:db8::9#4000");
        assertThat(out("tcp 2001:db8:1::2#8080 > 2001:db8::9#4001 flags=18"))
                .isEqualTo("pass tcp 2001:db8:1::2#8080 > 2001:db8::9#4001");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"plain, ''", "with options, options"})
    void fragmentsGoWhereTheFirstOneWent(String name, String options) throws Exception {
        assertThat(in("udp 2001:db8::9#4000 > 2001:db8:2::10#53 len=16 mf id=7 " + options))
                .isEqualTo("pass FORWARDED udp 2001:db8::9#4000 > 2001:db8:1::3#5353");
        assertThat(in("udp 2001:db8::9#0 > 2001:db8:2::10#0 frag=3 id=7 " + options))
                .isEqualTo("pass FORWARDED udp 2001:db8::9 > 2001:db8:1::3 frag=3");
        assertThat(out("udp 2001:db8:1::3#5353 > 2001:db8::9#4000 len=16 mf id=8"))
                .isEqualTo("pass FORWARDED udp 2001:db8:2::10#53 > 2001:db8::9#4000");
        assertThat(out("udp 2001:db8:1::3#0 > 2001:db8::9#0 frag=3 id=8"))
                .isEqualTo("pass FORWARDED udp 2001:db8:2::10 > 2001:db8::9 frag=3");
    }

    /** Each with the checksum that it should have then, which knows the addresses. */
    @Test
    void errorsSpeakOfWhatTheirReaderKnows() throws Exception {
        outside.in(SYN);
        assertThat(in("icmp 2001:db8:f::1 > 2001:db8:2::10 type=2 [ tcp 2001:db8:2::10#80 > 2001:db8::9#4000 ]"))
                .isEqualTo("pass FORWARDED icmp 2001:db8:f::1 > 2001:db8:1::2 type=2 "
                        + "[ tcp 2001:db8:1::2#8080 > 2001:db8::9#4000 ]");
        assertThat(out("icmp 2001:db8:1::1 > 2001:db8::9 type=1 [ tcp 2001:db8::9#4000 > 2001:db8:1::2#8080 ]"))
                .isEqualTo("pass FORWARDED icmp 2001:db8:1::1 > 2001:db8::9 type=1 "
                        + "[ tcp 2001:db8::9#4000 > 2001:db8:2::10#80 ]");
        assertThat(out("icmp 2001:db8:1::2 > 2001:db8::9 type=1 [ tcp 2001:db8::9#4000 > 2001:db8:1::2#8080 ]"))
                .isEqualTo("pass FORWARDED icmp 2001:db8:2::10 > 2001:db8::9 type=1 "
                        + "[ tcp 2001:db8::9#4000 > 2001:db8:2::10#80 ]");
    }

    @Test
    void onlyClientsThatTheServiceIsForBegin() throws Exception {
        outside.restricted(WEB, "2001:db8:ffff::/48", "2001:db8:1::2#8080");
        assertThat(in(SYN)).isEqualTo("drop DROP_NOT_ALLOWED");
        assertThat(in("tcp 2001:db8:ffff::9#4000 > 2001:db8:2::10#80 flags=2"))
                .isEqualTo("pass FORWARDED tcp 2001:db8:ffff::9#4000 > 2001:db8:1::2#8080");
    }

    /** Networks of clients differ in the upper half of their addresses, backends in the lower one. */
    @Test
    void connectionsAndClientsAreSpread() throws Exception {
        var backends = new String[] {"2001:db8:1::2#8080", "2001:db8:1::3#8080", "2001:db8:1:1::2#8080"};
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, backends);
        outside.together("2001:db8:2::14#80", backends);
        var byConnection = new HashSet<String>();
        var byClient = new HashSet<String>();
        for (int n = 0; n < 60; n++) {
            byConnection.add(in("tcp 2001:db8::9#" + (4000 + n) + " > " + WEB + " flags=2"));
            byClient.add(in("tcp 2001:db8:" + (0x100 + n) + "::9#4000 > 2001:db8:2::14#80 flags=2")
                    .replaceFirst(".*> ", ""));
        }
        assertThat(byConnection.stream().map(outcome -> outcome.replaceFirst(".*> ", "")))
                .contains(backends);
        assertThat(byClient).containsExactlyInAnyOrder(backends);
    }

    /** They are the stack's, which knows what to do with them. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a length beyond the end, 60000000 00640640 20010db8000000000000000000000009 20010db8000200000000000000000010 0fa00050",
        "half a TCP header,       60000000 00040640 20010db8000000000000000000000009 20010db8000200000000000000000010 0fa00050",
        "options without an end,  60000000 00080040 20010db8000000000000000000000009 20010db8000200000000000000000010 06ff0104 00000000",
        "half a fragment header,  60000000 00042c40 20010db8000000000000000000000009 20010db8000200000000000000000010 06000000",
        "IPv4 dressed as IPv6,    60000000 00081140 00000000000000000000ffffcb007109 00000000000000000000ffffc000020a 9c400035 00080000"
    })
    void nothingIsMadeOfWhatIsMalformed(String name, String packet) throws Exception {
        byte[] frame = HexFormat.of().parseHex("020000000002" + "020000000001" + "86dd" + packet.replace(" ", ""));
        var run = outside.object.testRun("lb_in", frame, 0, 0);
        assertThat(run.verdict()).isEqualTo(-1);
        assertThat(run.packet()).isEqualTo(frame);
        assertThat(outside.connections.count()).isZero();
    }

    private String in(String packet) throws Exception {
        return outside.outcome(outside.in(packet));
    }

    private String out(String packet) throws Exception {
        return outside.outcome(outside.out(packet));
    }
}
