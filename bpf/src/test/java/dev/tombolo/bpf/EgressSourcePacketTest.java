package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.egress.EgressFlow;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressGatewayKey;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressGroupKey;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressTuple;
import dev.tombolo.model.net.IpAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** At the pod's node: what is steered, what is left alone, what is held; and what comes back. */
class EgressSourcePacketTest {
    private static final int MARK_STEERED = 0x1000;

    @AutoClose
    private EgressObject egress;

    @BeforeEach
    void load() throws Exception {
        egress = new EgressObject(64);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "steered by TCP,         tcp 10.1.0.2:40000 > 203.0.113.9:443,      pass PASS_STEERED, tcp 10.1.0.2:40000 > 203.0.113.9:443",
        "steered by UDP,         udp 10.1.0.2:40000 > 203.0.113.9:53,       pass PASS_STEERED, udp 10.1.0.2:40000 > 203.0.113.9:53",
        "steered by ping,        ping 10.1.0.2:7 > 203.0.113.9,             pass PASS_STEERED, ping 10.1.0.2:7 > 203.0.113.9",
        "with options,           udp 10.1.0.2:40000 > 203.0.113.9:53 options, pass PASS_STEERED, udp 10.1.0.2:40000 > 203.0.113.9:53",
        "a handshake,            tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=2 mss=1460, pass PASS_STEERED, tcp 10.1.0.2:40000 > 203.0.113.9:443 mss=1380",
        "a small handshake,      tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=2 mss=1200, pass PASS_STEERED, tcp 10.1.0.2:40000 > 203.0.113.9:443 mss=1200",
        "an error about a flow,  icmp 10.1.0.2 > 203.0.113.9 type=3 code=3 [ udp 203.0.113.9:53 > 10.1.0.2:40000 ], pass PASS_STEERED, icmp 10.1.0.2 > 203.0.113.9 type=3 [ udp 203.0.113.9:53 > 10.1.0.2:40000 ]",
        "nobody's pod,           udp 10.1.0.9:40000 > 203.0.113.9:53,       pass, udp 10.1.0.9:40000 > 203.0.113.9:53",
        "within the cluster,     udp 10.1.0.4:40000 > 10.2.0.1:53,          pass, udp 10.1.0.4:40000 > 10.2.0.1:53",
        "towards nothing of it,  udp 10.1.0.2:40000 > 192.0.2.9:53,         pass, udp 10.1.0.2:40000 > 192.0.2.9:53",
        "excluded,               udp 10.1.0.2:40000 > 203.0.113.200:53,     pass PASS_EXCLUDED, udp 10.1.0.2:40000 > 203.0.113.200:53",
        "refused by a rule,      udp 10.1.0.2:40000 > 203.0.113.66:53,      drop DROP_BY_RULE, ",
        "a group without anyone, udp 10.1.0.2:40000 > 203.0.113.77:53,      drop DROP_NO_GATEWAY, ",
        "held,                   udp 10.1.0.3:40000 > 203.0.113.9:53,       drop DROP_HELD, ",
        "held but elsewhere,     udp 10.1.0.3:40000 > 192.0.2.9:53,         pass, udp 10.1.0.3:40000 > 192.0.2.9:53",
        "to a gateway here,      udp 10.1.0.4:40000 > 192.0.2.9:53,         pass PASS_STEERED, udp 10.1.0.4:40000 > 192.0.2.9:53",
        "the last hop,           udp 10.1.0.2:40000 > 203.0.113.9:53 ttl=1, pass PASS_STEERED, udp 10.1.0.2:40000 > 203.0.113.9:53 ttl=1",
        "too big,                udp 10.1.0.2:40000 > 203.0.113.9:53 df len=1393, redirect DROP_TOO_BIG, icmp 203.0.113.9 > 10.1.0.2 type=3 [ udp 10.1.0.2:40000 > 203.0.113.9:53 ]",
        "just not too big,       udp 10.1.0.2:40000 > 203.0.113.9:53 df len=1392, pass PASS_STEERED, udp 10.1.0.2:40000 > 203.0.113.9:53",
        "big but may be cut,     udp 10.1.0.2:40000 > 203.0.113.9:53 len=1400, pass PASS_STEERED, udp 10.1.0.2:40000 > 203.0.113.9:53",
        "another protocol,       sctp 10.1.0.2 > 203.0.113.9,               drop DROP_UNSUPPORTED, ",
        "a ping's answer,        pong 10.1.0.2 > 203.0.113.9:7,             drop DROP_UNSUPPORTED, ",
        "an error about others,  icmp 10.1.0.2 > 203.0.113.9 type=3 [ udp 203.0.113.9:53 > 10.1.0.4:40000 ], drop DROP_MALFORMED, ",
        "a fragment alone,       udp 10.1.0.2 > 203.0.113.9 id=5 frag=9,    drop DROP_FRAGMENT, "
    })
    void leavesThePod(String name, String packet, String outcome, String after) throws Exception {
        var run = egress.run("egress_source", packet);
        assertThat(egress.outcome(run)).isEqualTo(outcome);
        if (after != null) {
            assertThat(Frame.text(run.packet())).isEqualTo(after);
        }
        assertThat(run.mark()).isEqualTo(outcome.endsWith("PASS_STEERED") ? MARK_STEERED : 0);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a short header length,   44000014 00000000 40110000 0a010002 cb007109, DROP_MALFORMED",
        "a header beyond the end, 4f000014 00000000 40110000 0a010002 cb007109, DROP_MALFORMED",
        "a length beyond the end, 450003e8 00000000 40110000 0a010002 cb007109, DROP_MALFORMED",
        "a length within header,  45000010 00000000 40110000 0a010002 cb007109, DROP_MALFORMED",
        "IPv6 said to be IPv4,    65000014 00000000 40110000 0a010002 cb007109, DROP_MALFORMED",
        "no transport header,     45000014 00000000 40110000 0a010002 cb007109, DROP_MALFORMED",
        "half a UDP header,       45000018 00000000 40110000 0a010002 cb007109 9c400035, DROP_MALFORMED",
        "half a TCP header,       4500001c 00000000 40060000 0a010002 cb007109 9c4001bb 00000000, DROP_MALFORMED",
        "a TCP header too short,  45000028 00000000 40060000 0a010002 cb007109 9c4001bb 00000000 00000000 40020000 00000000, DROP_MALFORMED",
        "TCP options missing,     45000028 00000000 40060000 0a010002 cb007109 9c4001bb 00000000 00000000 f0020000 00000000, DROP_MALFORMED",
        "half an ICMP header,     45000018 00000000 40010000 0a010002 cb007109 08000000, DROP_MALFORMED",
        "an error quoting naught, 4500001c 00000000 40010000 0a010002 cb007109 03030000 00000000, DROP_MALFORMED",
        "a tiny first fragment,   4500001c 00012000 40060000 0a010002 cb007109 9c4001bb 00000000, DROP_MALFORMED"
    })
    void dropsWhatIsMalformed(String name, String packet, String reason) throws Exception {
        byte[] frame = HexFormat.of().parseHex("020000000002" + "020000000001" + "0800" + packet.replace(" ", ""));
        assertThat(egress.outcome(egress.run("egress_source", frame, 0, 0))).isEqualTo("drop " + reason);
    }

    /** Beyond what the carrier takes the network below cuts; beyond what the way takes it drops. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "just fits,    udp 10.1.0.2:40000 > 203.0.113.9:53 len=1172, pass PASS_STEERED",
        "may be cut,   udp 10.1.0.2:40000 > 203.0.113.9:53 len=1173, redirect DROP_TOO_BIG",
        "may not,      udp 10.1.0.2:40000 > 203.0.113.9:53 df len=1173, redirect DROP_TOO_BIG",
        "a handshake,  tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=2 mss=1460, pass PASS_STEERED",
        "an error,     icmp 10.1.0.2 > 203.0.113.9 type=3 code=3 [ udp 203.0.113.9:53 > 10.1.0.2:40000 ], pass PASS_STEERED",
        "IPv6,         udp 2001:db8:1::2#40000 > 2001:db8:9::9#53 len=1232, pass PASS_STEERED",
        "IPv6 too big, udp 2001:db8:1::2#40000 > 2001:db8:9::9#53 len=1233, redirect DROP_TOO_BIG"
    })
    void aNarrowWayIsNarrowForAll(String name, String packet, String outcome) throws Exception {
        egress.maps.gateways().put(new EgressGatewayKey(11), EgressGateway.narrow(1, 1200));
        var run = egress.run("egress_source", packet);
        assertThat(egress.outcome(run)).isEqualTo(outcome);
        if (outcome.endsWith("TOO_BIG")) {
            assertThat(Frame.toldSize(run.packet())).isEqualTo(packet.contains("#") ? 1280 : 1200);
        }
        if (packet.contains("mss")) {
            assertThat(Frame.text(run.packet())).endsWith("mss=1160");
        }
    }

    @Test
    void judgesWhatTheDeviceWillCutByItsSegments() throws Exception {
        byte[] frame = Frame.of("tcp 10.1.0.2:40000 > 203.0.113.9:443 df len=3000");
        assertThat(egress.outcome(egress.run("egress_source", frame, 0, 1380))).isEqualTo("pass PASS_STEERED");
        assertThat(egress.outcome(egress.run("egress_source", frame, 0, 1381))).isEqualTo("redirect DROP_TOO_BIG");
    }

    @Test
    void laterFragmentsFollowTheFirst() throws Exception {
        egress.run("egress_source", "udp 10.1.0.2:40000 > 203.0.113.9:53 id=5 mf");
        var run = egress.leave("udp 10.1.0.2 > 203.0.113.9 id=5 frag=1");
        assertThat(egress.outcome(run)).isEqualTo("redirect FORWARDED");
        var other = egress.run("egress_source", "udp 10.1.0.2 > 203.0.113.9 id=6 frag=1");
        assertThat(egress.outcome(other)).isEqualTo("drop DROP_FRAGMENT");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a reply,                udp 203.0.113.9:53 > 10.1.0.2:40000, redirect FORWARDED",
        "a handshake's answer,   tcp 203.0.113.9:443 > 10.1.0.2:40000 flags=18 mss=1460, redirect FORWARDED",
        "a ping's answer,        pong 203.0.113.9 > 10.1.0.2:7, redirect FORWARDED",
        "a router's error,       icmp 192.0.2.1 > 10.1.0.2 type=11 [ udp 10.1.0.2:40000 > 203.0.113.9:53 ], redirect FORWARDED",
        "from another port,      udp 203.0.113.9:54 > 10.1.0.2:40000, drop DROP_NOT_A_REPLY",
        "to another pod,         udp 203.0.113.9:53 > 10.1.0.4:40000, drop DROP_NOT_A_REPLY",
        "an error about nothing, icmp 192.0.2.1 > 10.1.0.2 type=11 [ udp 10.1.0.2:40001 > 203.0.113.9:53 ], drop DROP_NOT_A_REPLY",
        "an error to another,    icmp 192.0.2.1 > 10.1.0.4 type=11 [ udp 10.1.0.2:40000 > 203.0.113.9:53 ], drop DROP_MALFORMED",
        "a ping from outside,    ping 203.0.113.9:7 > 10.1.0.2, drop DROP_UNSUPPORTED"
    })
    void onlyRepliesComeBack(String name, String packet, String outcome) throws Exception {
        egress.run("egress_source", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        egress.run("egress_source", "tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=2");
        egress.run("egress_source", "ping 10.1.0.2:7 > 203.0.113.9");
        var run = egress.run("egress_return", packet);
        assertThat(egress.outcome(run)).isEqualTo(outcome);
        if (packet.contains("mss")) {
            assertThat(Frame.text(run.packet())).endsWith("mss=1380");
        }
    }

    @Test
    void whatLeavesTheStackIsCarriedToItsGateway() throws Exception {
        String packet = "tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=2";
        egress.run("egress_source", packet);
        var run = egress.run("egress_local", Frame.of(packet), MARK_STEERED | 0x4000, 0);
        assertThat(egress.outcome(run)).isEqualTo("redirect FORWARDED");
        assertThat(run.packet()).isEqualTo(Frame.of(packet));
        assertThat(run.mark()).isEqualTo(0x4000);
        assertThat(egress.maps.translations().count()).isZero();
    }

    /** Another destination than the one that it was steered to, or an entry that another flow has taken the room of. */
    @Test
    void aMarkAloneDoesNotFindAGateway() throws Exception {
        var run = egress.run("egress_local", Frame.of("udp 10.1.0.2:40000 > 203.0.113.9:53"), MARK_STEERED, 0);
        assertThat(egress.outcome(run)).isEqualTo("drop DROP_UNTRANSLATED");
        egress.run("egress_source", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        egress.maps.gateways().delete(new EgressGatewayKey(11));
        run = egress.run("egress_local", Frame.of("udp 10.1.0.2:40000 > 203.0.113.9:53"), MARK_STEERED, 0);
        assertThat(egress.outcome(run)).isEqualTo("drop DROP_NO_GATEWAY");
    }

    /** Of a device, 1 is that of test runs. */
    @Test
    void whatComesBackTakesTheDeviceThatItsFlowLeftBy() throws Exception {
        String reply = "udp 203.0.113.9:53 > 10.1.0.2:40000";
        egress.run("egress_source", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        assertThat(egress.maps.flows().entries().values())
                .extracting(EgressFlow::uplink)
                .containsExactly(0);
        assertThat(egress.run("egress_return", reply).mark()).isZero();
        egress.leave("udp 10.1.0.2:40000 > 203.0.113.9:53");
        assertThat(egress.maps.flows().entries().values())
                .extracting(EgressFlow::uplink)
                .containsExactly(1);
        var back = egress.run("egress_return", reply);
        assertThat(egress.outcome(back)).isEqualTo("redirect FORWARDED");
        assertThat(back.mark()).isEqualTo(MARK_STEERED);
        var arrived = egress.run("egress_reply", back.packet(), MARK_STEERED | 0x4000, 0);
        assertThat(egress.outcome(arrived)).isEqualTo("pass");
        assertThat(arrived.mark()).isEqualTo(0x4000);
        assertThat(arrived.packet()).isEqualTo(Frame.of(reply));
    }

    @Test
    void aFlowKeepsItsGatewayUntilThatIsGone() throws Exception {
        String flow = "udp 10.1.0.2:40000 > 203.0.113.9:53";
        egress.run("egress_source", flow);
        egress.maps.groups().put(new EgressGroupKey(1), EgressGroup.of(List.of(12)));
        assertThat(egress.outcome(egress.leave(flow))).isEqualTo("redirect FORWARDED");
        String other = "udp 10.1.0.2:40001 > 203.0.113.9:53";
        assertThat(egress.outcome(egress.leave(other))).isEqualTo("pass FORWARDED");
        egress.maps.gateways().delete(new EgressGatewayKey(11));
        assertThat(egress.outcome(egress.leave(flow))).isEqualTo("pass FORWARDED");
    }

    @Test
    void aPodTakesTheSlotThatJavaComputes() throws Exception {
        int local = 12;
        var slots =
                IntStream.range(0, 61).map(i -> i % 2 == 0 ? 11 : local).boxed().toList();
        var group = EgressGroup.of(slots);
        egress.maps.groups().put(new EgressGroupKey(1), group);
        egress.maps.gateways().put(new EgressGatewayKey(local), EgressGateway.LOCAL);
        for (int i = 0; i < 200; i++) {
            var pod = IpAddress.parse("10.1.1." + i);
            egress.source(pod.toString(), EgressSource.ofSet(7));
            egress.run("egress_source", "udp " + pod + ":40000 > 203.0.113.9:53");
            var flow = new EgressTuple(pod, IpAddress.parse("203.0.113.9"), 40_000, 53, 17, 0);
            assertThat(egress.maps.flows().lookup(flow).orElseThrow().gatewayId())
                    .as(pod.toString())
                    .isEqualTo(group.gatewayOf(pod));
        }
    }
}
