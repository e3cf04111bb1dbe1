package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same programs with the other family: no header checksum, and an ICMP whose checksum knows addresses. */
class EgressIpv6PacketTest {
    @AutoClose
    private EgressObject egress;

    @BeforeEach
    void load() throws Exception {
        egress = new EgressObject(64);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "steered by TCP,   tcp 2001:db8:1::2#40000 > 2001:db8:9::9#443, pass PASS_STEERED, tcp 2001:db8:1::2#40000 > 2001:db8:9::9#443",
        "steered by ping,  ping 2001:db8:1::2#7 > 2001:db8:9::9, pass PASS_STEERED, ping 2001:db8:1::2#7 > 2001:db8:9::9",
        "a handshake,      tcp 2001:db8:1::2#40000 > 2001:db8:9::9#443 flags=2 mss=1440, pass PASS_STEERED, tcp 2001:db8:1::2#40000 > 2001:db8:9::9#443 mss=1360",
        "just fits,        udp 2001:db8:1::2#40000 > 2001:db8:9::9#53 len=1372, pass PASS_STEERED, udp 2001:db8:1::2#40000 > 2001:db8:9::9#53",
        "too big,          udp 2001:db8:1::2#40000 > 2001:db8:9::9#53 len=1373, redirect DROP_TOO_BIG, icmp 2001:db8:9::9 > 2001:db8:1::2 type=2 [ udp 2001:db8:1::2#40000 > 2001:db8:9::9#53 ]",
        "the last hop,     udp 2001:db8:1::2#40000 > 2001:db8:9::9#53 ttl=1, pass PASS_STEERED, udp 2001:db8:1::2#40000 > 2001:db8:9::9#53 ttl=1",
        "nobody's pod,     udp 2001:db8:1::9#40000 > 2001:db8:9::9#53, pass, udp 2001:db8:1::9#40000 > 2001:db8:9::9#53",
        "in the cluster,   udp 2001:db8:1::2#40000 > 2001:db8:1::3#53, pass, udp 2001:db8:1::2#40000 > 2001:db8:1::3#53",
        "no destination,   udp 2001:db8:1::2#40000 > 2001:db8:8::1#53, pass, udp 2001:db8:1::2#40000 > 2001:db8:8::1#53",
        "another protocol, sctp 2001:db8:1::2 > 2001:db8:9::9, drop DROP_UNSUPPORTED, ",
        "a lone fragment,  udp 2001:db8:1::2 > 2001:db8:9::9 id=5 frag=9, drop DROP_FRAGMENT, "
    })
    void leavesThePod(String name, String packet, String outcome, String after) throws Exception {
        var run = egress.run("egress_source", packet);
        assertThat(egress.outcome(run)).isEqualTo(outcome);
        if (after != null) {
            assertThat(Frame.text(run.packet())).isEqualTo(after);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a length beyond the end, 60000000 00641140 20010db8000100000000000000000002 20010db8000900000000000000000009",
        "no transport header,     60000000 00001140 20010db8000100000000000000000002 20010db8000900000000000000000009",
        "half a UDP header,       60000000 00041140 20010db8000100000000000000000002 20010db8000900000000000000000009 9c400035",
        "half a fragment header,  60000000 00042c40 20010db8000100000000000000000002 20010db8000900000000000000000009 11000000",
        "IPv4 said to be IPv6,    40000000 00081140 20010db8000100000000000000000002 20010db8000900000000000000000009 9c400035 00080000",
        "IPv4 dressed as IPv6,    60000000 00081140 00000000000000000000ffff0a010002 00000000000000000000ffffcb007109 9c400035 00080000"
    })
    void dropsWhatIsMalformed(String name, String packet) throws Exception {
        byte[] frame = HexFormat.of().parseHex("020000000002" + "020000000001" + "86dd" + packet.replace(" ", ""));
        assertThat(egress.outcome(egress.run("egress_source", frame, 0, 0))).isEqualTo("drop DROP_MALFORMED");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TCP,  tcp 2001:db8:1::2#{} > 2001:db8:9::9#443 flags=2, tcp 2001:db8:9::9#443 > 2001:db8:7::7#{}, tcp 2001:db8:9::9#443 > 2001:db8:1::2#{}",
        "UDP,  udp 2001:db8:1::2#{} > 2001:db8:9::9#53, udp 2001:db8:9::9#53 > 2001:db8:7::7#{}, udp 2001:db8:9::9#53 > 2001:db8:1::2#{}",
        "ping, ping 2001:db8:1::2#{} > 2001:db8:9::9, pong 2001:db8:9::9 > 2001:db8:7::7#{}, pong 2001:db8:9::9 > 2001:db8:1::2#{}",
        "unreachable,       udp 2001:db8:1::2#{} > 2001:db8:9::9#53, icmp 2001:db8:9::9 > 2001:db8:7::7 type=1 code=4 [ udp 2001:db8:7::7#{} > 2001:db8:9::9#53 ], icmp 2001:db8:9::9 > 2001:db8:1::2 type=1 [ udp 2001:db8:1::2#{} > 2001:db8:9::9#53 ]",
        "too big,           tcp 2001:db8:1::2#{} > 2001:db8:9::9#443 flags=2, icmp 2001:db8::1 > 2001:db8:7::7 type=2 [ tcp 2001:db8:7::7#{} > 2001:db8:9::9#443 ], icmp 2001:db8::1 > 2001:db8:1::2 type=2 [ tcp 2001:db8:1::2#{} > 2001:db8:9::9#443 ]",
        "time exceeded,     ping 2001:db8:1::2#{} > 2001:db8:9::9, icmp 2001:db8::1 > 2001:db8:7::7 type=3 [ ping 2001:db8:7::7#{} > 2001:db8:9::9 ], icmp 2001:db8::1 > 2001:db8:1::2 type=3 [ ping 2001:db8:1::2#{} > 2001:db8:9::9 ]",
        "parameter problem, udp 2001:db8:1::2#{} > 2001:db8:9::9#53, icmp 2001:db8::1 > 2001:db8:7::7 type=4 [ udp 2001:db8:7::7#{} > 2001:db8:9::9#53 ], icmp 2001:db8::1 > 2001:db8:1::2 type=4 [ udp 2001:db8:1::2#{} > 2001:db8:9::9#53 ]"
    })
    void bringsBackWhatAnswers(String name, String out, String back, String after) throws Exception {
        var first = egress.run("egress_gateway", out.replace("{}", "80"));
        assertThat(egress.outcome(first)).isEqualTo("redirect FORWARDED");
        String sent = Frame.text(first.packet());
        assertThat(sent).matches("[a-z]+ 2001:db8:7::7#\\d+ > 2001:db8:9::9(#\\d+)?");
        var run = egress.run("egress_reply", back.replace("{}", sent.replaceFirst("[^#]*#(\\d+) .*", "$1")));
        assertThat(egress.outcome(run)).isEqualTo("redirect FORWARDED");
        assertThat(Frame.text(run.packet())).isEqualTo(after.replace("{}", "80"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "just fits,  udp 2001:db8:9::9#53 > 2001:db8:7::7#40000 len=1252, redirect FORWARDED, udp 2001:db8:9::9#53 > 2001:db8:1::2#40000",
        "too big,    udp 2001:db8:9::9#53 > 2001:db8:7::7#40000 len=1253, redirect DROP_TOO_BIG, icmp 2001:db8:7::7 > 2001:db8:9::9 type=2 [ udp 2001:db8:9::9#53 > 2001:db8:7::7#40000 ]",
        "TCP,        tcp 2001:db8:9::9#443 > 2001:db8:7::7#40000 len=1241, redirect DROP_TOO_BIG, icmp 2001:db8:7::7 > 2001:db8:9::9 type=2 [ tcp 2001:db8:9::9#443 > 2001:db8:7::7#40000 ]",
        "a fragment, udp 2001:db8:9::9#53 > 2001:db8:7::7#40000 id=5 mf len=1248, redirect DROP_TOO_BIG, icmp 2001:db8:7::7 > 2001:db8:9::9 type=2 [ udp 2001:db8:9::9#53 > 2001:db8:7::7#40000 ]"
    })
    void whoAnswersIsToldWhatTheWayToThePodTakes(String name, String packet, String outcome, String after)
            throws Exception {
        egress.internal("2001:db8:1::/64", 1300);
        egress.run("egress_gateway", "udp 2001:db8:1::2#40000 > 2001:db8:9::9#53");
        egress.run("egress_gateway", "tcp 2001:db8:1::2#40000 > 2001:db8:9::9#443 flags=2");
        var run = egress.run("egress_reply", packet);
        assertThat(egress.outcome(run)).isEqualTo(outcome);
        assertThat(Frame.text(run.packet())).isEqualTo(after);
        if (after.startsWith("icmp")) {
            assertThat(Frame.toldSize(run.packet())).isEqualTo(1300);
        }
    }

    @Test
    void fragmentsFollowTheFirst() throws Exception {
        egress.run("egress_gateway", "udp 2001:db8:1::2#40000 > 2001:db8:9::9#53 id=5 mf");
        var out = egress.run("egress_gateway", "udp 2001:db8:1::2 > 2001:db8:9::9 id=5 frag=1");
        assertThat(Frame.text(out.packet())).isEqualTo("udp 2001:db8:7::7 > 2001:db8:9::9 frag=1");
    }

    @Test
    void onlyRepliesComeBack() throws Exception {
        assertThat(egress.outcome(egress.leave("udp 2001:db8:1::2#40000 > 2001:db8:9::9#53")))
                .isEqualTo("redirect FORWARDED");
        var reply = egress.run("egress_return", "udp 2001:db8:9::9#53 > 2001:db8:1::2#40000");
        assertThat(egress.outcome(reply)).isEqualTo("redirect FORWARDED");
        var other = egress.run("egress_return", "udp 2001:db8:9::9#53 > 2001:db8:1::2#40001");
        assertThat(egress.outcome(other)).isEqualTo("drop DROP_NOT_A_REPLY");
    }
}
