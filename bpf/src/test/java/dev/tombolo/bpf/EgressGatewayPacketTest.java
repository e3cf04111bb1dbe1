package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.egress.EgressSaturationKey;
import dev.tombolo.model.net.IpAddress;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** At the gateway: what gets the egress address, what comes back, and what may not leave. */
class EgressGatewayPacketTest {
    private static final int MARK_STEERED = 0x1000;

    @AutoClose
    private EgressObject egress;

    @BeforeEach
    void load() throws Exception {
        egress = new EgressObject(4096);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TCP,                tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=2, tcp 198.51.100.7:40000 > 203.0.113.9:443",
        "UDP,                udp 10.1.0.2:40000 > 203.0.113.9:53 len=9, udp 198.51.100.7:40000 > 203.0.113.9:53",
        "UDP no checksum,    udp 10.1.0.2:40000 > 203.0.113.9:53 nocsum, udp 198.51.100.7:40000 > 203.0.113.9:53 nocsum",
        "ping,               ping 10.1.0.2:40000 > 203.0.113.9, ping 198.51.100.7:40000 > 203.0.113.9",
        "with options,       udp 10.1.0.2:40000 > 203.0.113.9:53 options, udp 198.51.100.7:40000 > 203.0.113.9:53"
    })
    void givesTheEgressAddress(String name, String packet, String after) throws Exception {
        var run = egress.run("egress_gateway", packet);
        assertThat(egress.outcome(run)).isEqualTo("redirect FORWARDED");
        assertThat(Frame.text(run.packet())).isEqualTo(after);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TCP,  tcp 10.1.0.2:{} > 203.0.113.9:443 flags=2, tcp 203.0.113.9:443 > 198.51.100.7:{}, tcp 203.0.113.9:443 > 10.1.0.2:{}",
        "UDP,  udp 10.1.0.2:{} > 203.0.113.9:53,  udp 203.0.113.9:53 > 198.51.100.7:{}, udp 203.0.113.9:53 > 10.1.0.2:{}",
        "ping, ping 10.1.0.2:{} > 203.0.113.9,    pong 203.0.113.9 > 198.51.100.7:{}, pong 203.0.113.9 > 10.1.0.2:{}",
        "port unreachable,  udp 10.1.0.2:{} > 203.0.113.9:53, icmp 203.0.113.9 > 198.51.100.7 type=3 code=3 [ udp 198.51.100.7:{} > 203.0.113.9:53 ], icmp 203.0.113.9 > 10.1.0.2 type=3 [ udp 10.1.0.2:{} > 203.0.113.9:53 ]",
        "too big,           tcp 10.1.0.2:{} > 203.0.113.9:443 flags=2, icmp 192.0.2.1 > 198.51.100.7 type=3 code=4 [ tcp 198.51.100.7:{} > 203.0.113.9:443 ], icmp 192.0.2.1 > 10.1.0.2 type=3 [ tcp 10.1.0.2:{} > 203.0.113.9:443 ]",
        "time exceeded,     ping 10.1.0.2:{} > 203.0.113.9, icmp 192.0.2.1 > 198.51.100.7 type=11 [ ping 198.51.100.7:{} > 203.0.113.9 ], icmp 192.0.2.1 > 10.1.0.2 type=11 [ ping 10.1.0.2:{} > 203.0.113.9 ]",
        "parameter problem, udp 10.1.0.2:{} > 203.0.113.9:53, icmp 192.0.2.1 > 198.51.100.7 type=12 [ udp 198.51.100.7:{} > 203.0.113.9:53 ], icmp 192.0.2.1 > 10.1.0.2 type=12 [ udp 10.1.0.2:{} > 203.0.113.9:53 ]"
    })
    void bringsBackWhatAnswers(String name, String out, String back, String after) throws Exception {
        // A port outside the range, so that another one is chosen.
        var first = egress.run("egress_gateway", out.replace("{}", "80"));
        String sent = Frame.text(first.packet());
        String port = sent.replaceFirst("[a-z]+ 198\\.51\\.100\\.7:(\\d+) .*", "$1");
        assertThat(Integer.parseInt(port)).isBetween(EgressObject.PORT_MIN, EgressObject.PORT_MAX);
        var run = egress.run("egress_reply", back.replace("{}", port));
        assertThat(egress.outcome(run)).isEqualTo("redirect FORWARDED");
        assertThat(Frame.text(run.packet())).isEqualTo(after.replace("{}", "80"));
    }

    @ParameterizedTest(name = "code {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void everyKindOfUnreachableReachesThePod(int code) throws Exception {
        egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        var run = egress.run(
                "egress_reply",
                "icmp 192.0.2.1 > 198.51.100.7 type=3 code=" + code + " [ udp 198.51.100.7:40000 > 203.0.113.9:53 ]");
        assertThat(Frame.text(run.packet()))
                .isEqualTo("icmp 192.0.2.1 > 10.1.0.2 type=3 [ udp 10.1.0.2:40000 > 203.0.113.9:53 ]");
        assertThat(run.packet()[Frame.L3 + 21]).isEqualTo((byte) code);
    }

    @Test
    void anErrorOfThePodNamesTheEgressAddress() throws Exception {
        egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        var run = egress.run(
                "egress_gateway", "icmp 10.1.0.2 > 203.0.113.9 type=3 code=3 [ udp 203.0.113.9:53 > 10.1.0.2:40000 ]");
        assertThat(Frame.text(run.packet()))
                .isEqualTo("icmp 198.51.100.7 > 203.0.113.9 type=3 [ udp 203.0.113.9:53 > 198.51.100.7:40000 ]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "not selected,          udp 10.1.0.9:40000 > 203.0.113.9:53, DROP_NOT_SELECTED",
        "no source of the mesh, udp 192.0.2.5:40000 > 203.0.113.9:53, DROP_NOT_SELECTED",
        "held,                  udp 10.1.0.3:40000 > 203.0.113.9:53, DROP_NOT_SELECTED",
        "to the cluster,        udp 10.1.0.2:40000 > 10.2.0.1:53, DROP_NOT_SELECTED",
        "excluded,              udp 10.1.0.2:40000 > 203.0.113.200:53, DROP_NOT_SELECTED",
        "no address here,       udp 10.1.0.2:40000 > 203.0.113.77:53, DROP_NO_EGRESS_ADDRESS",
        "an error about naught, icmp 10.1.0.2 > 203.0.113.9 type=3 [ udp 203.0.113.9:53 > 10.1.0.2:40000 ], DROP_NO_MAPPING",
        "another protocol,      sctp 10.1.0.2 > 203.0.113.9, DROP_UNSUPPORTED",
        "a fragment alone,      udp 10.1.0.2 > 203.0.113.9 id=5 frag=9, DROP_FRAGMENT"
    })
    void translatesNothingElse(String name, String packet, String reason) throws Exception {
        assertThat(egress.outcome(egress.run("egress_gateway", packet))).isEqualTo("drop " + reason);
        assertThat(egress.maps.translations().count()).isZero();
    }

    @Test
    void twoPodsWithOnePortGetTwo() throws Exception {
        egress.source("10.1.0.5", dev.tombolo.bpf.egress.EgressSource.ofSet(7));
        var one = egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        var two = egress.run("egress_gateway", "udp 10.1.0.5:40000 > 203.0.113.9:53");
        assertThat(Frame.text(one.packet())).startsWith("udp 198.51.100.7:40000 ");
        assertThat(Frame.text(two.packet())).startsWith("udp 198.51.100.7:").doesNotContain(":40000 ");
        // Towards another server the port is free.
        var three = egress.run("egress_gateway", "udp 10.1.0.5:40000 > 203.0.113.10:53");
        assertThat(Frame.text(three.packet())).startsWith("udp 198.51.100.7:40000 ");
    }

    @Test
    void countsWhatAFullAddressRefuses() throws Exception {
        egress.address(1, "198.51.100.7", 40_000, 40_001);
        for (int port = 1; port <= 2; port++) {
            var run = egress.run("egress_gateway", "udp 10.1.0.2:" + port + " > 203.0.113.9:53");
            assertThat(egress.outcome(run)).isEqualTo("redirect FORWARDED");
        }
        for (int port = 3; port <= 5; port++) {
            var run = egress.run("egress_gateway", "udp 10.1.0.2:" + port + " > 203.0.113.9:53");
            assertThat(egress.outcome(run)).isEqualTo("drop DROP_PORTS_EXHAUSTED");
        }
        var key = new EgressSaturationKey(IpAddress.parse("198.51.100.7"));
        assertThat(egress.maps.saturation().lookup(key).orElseThrow().refused()).isEqualTo(3);
        assertThat(egress.maps.translations().count()).isEqualTo(4);
    }

    @Test
    void anEmptyPortRangeIsNoAddress() throws Exception {
        egress.address(1, "198.51.100.7", 2, 1);
        var run = egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        assertThat(egress.outcome(run)).isEqualTo("drop DROP_NO_EGRESS_ADDRESS");
    }

    @Test
    void aFlowKeepsTheAddressThatItHas() throws Exception {
        egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        egress.address(1, "198.51.100.99", EgressObject.PORT_MIN, EgressObject.PORT_MAX);
        var old = egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        var fresh = egress.run("egress_gateway", "udp 10.1.0.2:40001 > 203.0.113.9:53");
        assertThat(Frame.text(old.packet())).startsWith("udp 198.51.100.7:");
        assertThat(Frame.text(fresh.packet())).startsWith("udp 198.51.100.99:");
    }

    @Test
    void fragmentsAreTranslatedBothWays() throws Exception {
        egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53 id=5 mf");
        var out = egress.run("egress_gateway", "udp 10.1.0.2 > 203.0.113.9 id=5 frag=1");
        assertThat(Frame.text(out.packet())).isEqualTo("udp 198.51.100.7 > 203.0.113.9 frag=1");
        egress.run("egress_reply", "udp 203.0.113.9:53 > 198.51.100.7:40000 id=6 mf");
        var back = egress.run("egress_reply", "udp 203.0.113.9 > 198.51.100.7 id=6 frag=1");
        assertThat(Frame.text(back.packet())).isEqualTo("udp 203.0.113.9 > 10.1.0.2 frag=1");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "of a node,           udp 192.0.2.1:53 > 192.0.2.2:53",
        "a new connection,    tcp 203.0.113.9:443 > 198.51.100.7:22 flags=2",
        "a ping of the node,  ping 203.0.113.9:7 > 198.51.100.7",
        "an error of others,  icmp 192.0.2.1 > 198.51.100.7 type=3 [ udp 198.51.100.7:1 > 203.0.113.9:53 ]",
        "another protocol,    sctp 203.0.113.9 > 198.51.100.7"
    })
    void whatIsNotOursIsTheNodes(String name, String packet) throws Exception {
        egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        var run = egress.run("egress_reply", packet);
        assertThat(egress.outcome(run)).isEqualTo("pass");
        assertThat(run.packet()).isEqualTo(Frame.of(packet));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a pod of this node,      udp 10.1.0.4:40000 > 192.0.2.9:53, local, pass FORWARDED, udp 198.51.100.8:40000 > 192.0.2.9:53",
        "unmarked,                udp 10.1.0.4:40000 > 192.0.2.9:53, none, drop DROP_UNTRANSLATED, ",
        "masqueraded on its way,  udp 192.0.2.1:40000 > 192.0.2.9:53, local, drop DROP_UNTRANSLATED, ",
        "held,                    udp 10.1.0.3:40000 > 203.0.113.9:53, none, drop DROP_HELD, ",
        "refused by a rule,       udp 10.1.0.2:40000 > 203.0.113.66:53, none, drop DROP_BY_RULE, ",
        "of the node,             udp 192.0.2.1:40000 > 192.0.2.9:53, none, pass, udp 192.0.2.1:40000 > 192.0.2.9:53",
        "excluded,                udp 10.1.0.2:40000 > 203.0.113.200:53, none, pass, udp 10.1.0.2:40000 > 203.0.113.200:53",
        "to the cluster,          udp 10.1.0.4:40000 > 10.2.0.1:53, none, pass, udp 10.1.0.4:40000 > 10.2.0.1:53",
        "another protocol,        sctp 10.1.0.4 > 192.0.2.9, local, drop DROP_UNSUPPORTED, "
    })
    void leavesTheNode(String name, String packet, String mark, String outcome, String after) throws Exception {
        int bits = mark.equals("local") ? MARK_STEERED : 0;
        egress.run("egress_source", packet);
        // A segment size does not matter here, and the device of a test run is 1.
        var run = egress.run("egress_local", Frame.of(packet), bits | 0x4000, 0);
        assertThat(egress.outcome(run)).isEqualTo(outcome);
        if (after != null) {
            assertThat(Frame.text(run.packet())).isEqualTo(after);
            assertThat(run.mark()).isEqualTo(0x4000);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "just fits,        udp 203.0.113.9:53 > 198.51.100.7:40000 df len=1172, redirect FORWARDED, udp 203.0.113.9:53 > 10.1.0.2:40000",
        "too big,          udp 203.0.113.9:53 > 198.51.100.7:40000 df len=1173, redirect DROP_TOO_BIG, icmp 198.51.100.7 > 203.0.113.9 type=3 [ udp 203.0.113.9:53 > 198.51.100.7:40000 ]",
        "it may be cut,    udp 203.0.113.9:53 > 198.51.100.7:40000 len=1173, redirect DROP_TOO_BIG, icmp 198.51.100.7 > 203.0.113.9 type=3 [ udp 203.0.113.9:53 > 198.51.100.7:40000 ]",
        "TCP,              tcp 203.0.113.9:443 > 198.51.100.7:40000 df len=1161, redirect DROP_TOO_BIG, icmp 198.51.100.7 > 203.0.113.9 type=3 [ tcp 203.0.113.9:443 > 198.51.100.7:40000 ]",
        "with options,     udp 203.0.113.9:53 > 198.51.100.7:40000 options len=1169, redirect DROP_TOO_BIG, icmp 198.51.100.7 > 203.0.113.9 type=3 [ udp 203.0.113.9:53 > 198.51.100.7:40000 ]",
        "a first fragment, udp 203.0.113.9:53 > 198.51.100.7:40000 id=5 mf len=1180, redirect DROP_TOO_BIG, icmp 198.51.100.7 > 203.0.113.9 type=3 [ udp 203.0.113.9:53 > 198.51.100.7:40000 ]",
        "its pod is here,  udp 192.0.2.9:53 > 198.51.100.8:40000 df len=1400, pass FORWARDED, udp 192.0.2.9:53 > 10.1.0.4:40000"
    })
    void whoAnswersIsToldWhatTheWayToThePodTakes(String name, String packet, String outcome, String after)
            throws Exception {
        egress.internal("10.1.0.0/24", 1200);
        egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        egress.run("egress_gateway", "tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=2");
        egress.leave("udp 10.1.0.4:40000 > 192.0.2.9:53");
        var run = egress.run("egress_reply", packet);
        assertThat(egress.outcome(run)).isEqualTo(outcome);
        assertThat(Frame.text(run.packet())).isEqualTo(after);
        if (after.startsWith("icmp")) {
            assertThat(Frame.toldSize(run.packet())).isEqualTo(1200);
        }
    }

    @Test
    void nobodyIsToldOfALaterFragment() throws Exception {
        egress.internal("10.1.0.0/24", 1200);
        egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        egress.run("egress_reply", "udp 203.0.113.9:53 > 198.51.100.7:40000 id=5 mf");
        var run = egress.run("egress_reply", "udp 203.0.113.9 > 198.51.100.7 id=5 frag=1 len=1200");
        assertThat(egress.outcome(run)).isEqualTo("drop DROP_TOO_BIG");
    }

    @Test
    void aPodOfThisNodeGetsItsAnswerThroughTheStack() throws Exception {
        egress.leave("udp 10.1.0.4:40000 > 192.0.2.9:53");
        var run = egress.run("egress_reply", "udp 192.0.2.9:53 > 198.51.100.8:40000");
        assertThat(egress.outcome(run)).isEqualTo("pass FORWARDED");
        assertThat(Frame.text(run.packet())).isEqualTo("udp 192.0.2.9:53 > 10.1.0.4:40000");
    }
}
