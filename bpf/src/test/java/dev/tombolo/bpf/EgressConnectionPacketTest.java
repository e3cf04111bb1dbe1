package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressGatewayKey;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressGroupKey;
import dev.tombolo.bpf.egress.EgressNat;
import dev.tombolo.bpf.egress.EgressSource;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection whose gateway changes, or whose policy does: it goes on as the far side knows it, or its pod is told. */
class EgressConnectionPacketTest {
    private static final int MARK_STEERED = 0x1000;
    private static final String RANGE = "203.0.113.0/24";
    private static final String SYN = "tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=2";
    private static final String DATA = "tcp 10.1.0.2:40000 > 203.0.113.9:443 flags=24 seq=1000 ack=77 len=100";
    private static final String RESET = "tcp 203.0.113.9:443 > 10.1.0.2:40000";
    private static final String TOLD = "redirect DROP_UNKNOWN_CONNECTION";
    private static final String SENT = "redirect FORWARDED";

    @AutoClose
    private EgressObject egress;

    @BeforeEach
    void load() throws Exception {
        egress = new EgressObject(4096);
    }

    /** RFC 9293, 3.10.7.1. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "data,               flags=24 seq=1000 ack=77 len=100,    4, 77, 0",
        "an acknowledgement, flags=16 seq=1000 ack=77,            4, 77, 0",
        "an end,             flags=17 seq=1000 ack=77,            4, 77, 0",
        "a handshake turned, flags=18 seq=1000 ack=77,            4, 77, 0",
        "a high number,      flags=16 seq=1000 ack=-2,            4, -2, 0",
        "no acknowledgement, flags=8 seq=1000 ack=77 len=100,    20, 0, 1100",
        "an end without one, flags=1 seq=1000 len=3,             20, 0, 1004",
        "beyond the highest, flags=8 seq=-1 len=100,             20, 0, 99",
        "options,            flags=16 seq=1000 ack=77 mss=1460,   4, 77, 0"
    })
    void aSegmentOfAConnectionThatIsNotKnownIsAnswered(
            String name, String segment, int flags, int sequence, int acknowledged) throws Exception {
        var run = egress.run("egress_gateway", "tcp 10.1.0.2:40000 > 203.0.113.9:443 ttl=9 " + segment);
        assertThat(egress.outcome(run)).isEqualTo(TOLD);
        assertThat(Frame.text(run.packet())).isEqualTo(RESET);
        var packet = ByteBuffer.wrap(run.packet());
        int tcp = Frame.L3 + 20;
        assertThat(packet.capacity()).isEqualTo(tcp + 20);
        assertThat(packet.get(tcp + 13)).isEqualTo((byte) flags);
        assertThat(packet.getInt(tcp + 4)).isEqualTo(sequence);
        assertThat(packet.getInt(tcp + 8)).isEqualTo(acknowledged);
        assertThat(egress.maps.translations().count()).isZero();
    }

    @Test
    void alsoInIpv6() throws Exception {
        String data = "tcp 2001:db8:1::2#40000 > 2001:db8:9::9#443 flags=24 seq=1000 ack=77 len=100";
        var run = egress.run("egress_gateway", data);
        assertThat(egress.outcome(run)).isEqualTo(TOLD);
        assertThat(Frame.text(run.packet())).isEqualTo("tcp 2001:db8:9::9#443 > 2001:db8:1::2#40000");
        assertThat(run.packet()).hasSize(Frame.L3 + 40 + 20);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a reset,          flags=4 seq=1000",
        "a reset of both,  flags=20 seq=1000 ack=77",
        "with IP options,  flags=16 seq=1000 ack=77 options"
    })
    void whatCannotBeAnsweredIsDropped(String name, String segment) throws Exception {
        var run = egress.run("egress_gateway", "tcp 10.1.0.2:40000 > 203.0.113.9:443 " + segment);
        assertThat(egress.outcome(run)).isEqualTo("drop DROP_UNKNOWN_CONNECTION");
        assertThat(egress.maps.translations().count()).isZero();
    }

    @Test
    void datagramsGoOnUnderTheNewAddress() throws Exception {
        var run = egress.run("egress_gateway", "udp 10.1.0.2:40000 > 203.0.113.9:53");
        assertThat(egress.outcome(run)).isEqualTo(SENT);
    }

    @Test
    void aPodOfTheGatewayItselfIsToldByTheDeviceThatItSendsBy() throws Exception {
        String data = "tcp 10.1.0.4:40000 > 192.0.2.9:443 flags=24 seq=1000 ack=77 len=100";
        assertThat(egress.outcome(egress.run("egress_source", data))).isEqualTo("pass PASS_STEERED");
        var run = egress.run("egress_local", Frame.of(data), MARK_STEERED | 0x4000, 0);
        assertThat(egress.outcome(run)).isEqualTo(TOLD);
        assertThat(Frame.text(run.packet())).isEqualTo("tcp 192.0.2.9:443 > 10.1.0.4:40000");
        assertThat(run.mark()).isEqualTo(0x4000);
        var unknown = egress.run("egress_local", Frame.of(data.replace(":40000", ":40001")), MARK_STEERED, 0);
        assertThat(egress.outcome(unknown)).isEqualTo("drop DROP_UNTRANSLATED");
    }

    @Test
    void aConnectionGoesOnAtTheNewOwnerOfItsAddress() throws Exception {
        egress.follow(7, RANGE, 1);
        var run = egress.run("egress_gateway", DATA);
        assertThat(egress.outcome(run)).isEqualTo(SENT);
        assertThat(Frame.text(run.packet())).isEqualTo("tcp 198.51.100.7:40000 > 203.0.113.9:443");
        var back = egress.run("egress_reply", "tcp 203.0.113.9:443 > 198.51.100.7:40000");
        assertThat(Frame.text(back.packet())).isEqualTo(RESET);
    }

    /** Under another port it would be another connection to the far side, which does not answer. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "taken by another pod,        40000, 32768, 60999",
        "not one of the address,      40000, 50000, 60999",
        "not one that is free for it, 80,    32768, 60999"
    })
    void aConnectionNeverGetsAnotherPort(String name, int port, int first, int last) throws Exception {
        egress.follow(7, RANGE, 1);
        egress.address(1, "198.51.100.7", first, last);
        egress.source("10.1.0.5", EgressSource.ofSet(7));
        egress.run("egress_gateway", "tcp 10.1.0.5:" + port + " > 203.0.113.9:443 flags=2");
        int before = egress.maps.translations().count();
        var run = egress.run("egress_gateway", DATA.replace(":40000", ":" + port));
        assertThat(egress.outcome(run)).isEqualTo(TOLD);
        assertThat(egress.maps.translations().count()).isEqualTo(before);
    }

    @Test
    void aConnectionWaitsForAnOwnerThatHasTheAddress() throws Exception {
        egress.follow(7, RANGE, 9);
        assertThat(egress.outcome(egress.run("egress_gateway", DATA))).isEqualTo("drop DROP_NO_EGRESS_ADDRESS");
    }

    @Test
    void whereTheAddressStaysAFlowDoesToo() throws Exception {
        egress.run("egress_source", SYN);
        egress.maps.groups().put(new EgressGroupKey(1), EgressGroup.of(List.of(12)));
        assertThat(egress.outcome(egress.leave(DATA))).isEqualTo(SENT);
        egress.maps.gateways().delete(new EgressGatewayKey(11));
        expectToldAtSource(DATA);
        // It may begin anew, there.
        assertThat(egress.outcome(egress.leave(SYN))).isEqualTo("pass FORWARDED");
        assertThat(egress.outcome(egress.leave(DATA))).isEqualTo("pass FORWARDED");
    }

    /** By which the agent tells when nothing goes through a gateway any more. */
    @Test
    void aFlowSaysWhetherItIsAlive() throws Exception {
        egress.run("egress_source", SYN);
        var flow = egress.maps.flows().entries().values().iterator().next();
        assertThat(flow.hasEnded()).isFalse();
        assertThat(flow.idleNanos(System.nanoTime())).isBetween(0L, 20_000_000_000L);
        egress.run("egress_source", DATA.replace("flags=24", "flags=17"));
        assertThat(egress.maps.flows().entries().values().iterator().next().hasEnded())
                .isTrue();
        egress.run("egress_source", SYN);
        assertThat(egress.maps.flows().entries().values().iterator().next().hasEnded())
                .isFalse();
    }

    @Test
    void whereTheAddressMovesAFlowFollows() throws Exception {
        egress.follow(7, RANGE, 1);
        egress.run("egress_source", SYN);
        assertThat(egress.outcome(egress.leave(DATA))).isEqualTo(SENT);
        egress.maps.groups().put(new EgressGroupKey(1), EgressGroup.of(List.of(12)));
        egress.address(1, "198.51.100.7", EgressObject.PORT_MIN, EgressObject.PORT_MAX);
        assertThat(egress.outcome(egress.leave(DATA))).isEqualTo("pass FORWARDED");
        egress.maps.groups().delete(new EgressGroupKey(1));
        assertThat(egress.outcome(egress.run("egress_source", DATA))).isEqualTo("drop DROP_NO_GATEWAY");
    }

    /** The gateway says so with what comes back, and the pod never sees how. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "IPv4, 10.1.0.2:, 203.0.113.9:443, 198.51.100.7:",
        "IPv6, 2001:db8:1::2#, 2001:db8:9::9#443, 2001:db8:7::7#"
    })
    void aFlowThatLostItsPortCannotFollow(String name, String pod, String far, String address) throws Exception {
        egress.follow(7, RANGE, 1);
        egress.follow(7, "2001:db8:9::/48", 1);
        // A port outside the range, so that another one is chosen.
        String syn = "tcp " + pod + "80 > " + far + " flags=2";
        egress.run("egress_source", syn);
        String sent = Frame.text(egress.run("egress_gateway", syn).packet());
        String port = sent.substring(4 + address.length(), sent.indexOf(" > "));
        var reply = egress.run("egress_reply", "tcp " + far + " > " + address + port + " flags=18");
        var marked = reply.packet();
        assertThat(Frame.text(marked)).isEqualTo("tcp " + far + " > " + pod + "80");
        byte[] plain = egress.run("egress_return", marked, 0, 0).packet();
        assertThat(plain)
                .isEqualTo(Frame.of("tcp " + far + " > " + pod + "80 flags=18"))
                .isNotEqualTo(marked);
        egress.maps.groups().put(new EgressGroupKey(1), EgressGroup.of(List.of(12)));
        expectToldAtSource(syn.replace("flags=2", "flags=16"));
        assertThat(egress.outcome(egress.leave(syn))).isEqualTo("pass FORWARDED");
    }

    @Test
    void aFlowOfAPodOfTheGatewayItselfThatLostItsPortCannotFollow() throws Exception {
        egress.follow(8, "0.0.0.0/0", 2);
        String syn = "tcp 10.1.0.4:80 > 192.0.2.9:443 flags=2";
        String sent = Frame.text(egress.leave(syn).packet());
        String port = sent.replaceFirst("tcp 198\\.51\\.100\\.8:(\\d+) .*", "$1");
        egress.run("egress_reply", "tcp 192.0.2.9:443 > 198.51.100.8:" + port + " flags=18");
        egress.maps.groups().put(new EgressGroupKey(2), EgressGroup.of(List.of(11)));
        expectToldAtSource(syn.replace("flags=2", "flags=16"));
    }

    @Test
    void aFlowWhoseGroupChangesGoesOnWhereTheAddressIsTheSame() throws Exception {
        egress.run("egress_gateway", SYN);
        egress.address(3, "198.51.100.7", EgressObject.PORT_MIN, EgressObject.PORT_MAX);
        egress.rule(7, RANGE, EgressAction.GATEWAY, 3);
        assertThat(Frame.text(egress.run("egress_gateway", DATA).packet())).startsWith("tcp 198.51.100.7:40000 ");
        assertThat(egress.maps.translations().entries().values())
                .extracting(EgressNat::groupId)
                .containsExactly(3, 3);
    }

    @Test
    void aFlowNeverLeavesUnderTheAddressOfAnotherGroup() throws Exception {
        String datagram = "udp 10.1.0.2:40000 > 203.0.113.9:53";
        egress.run("egress_gateway", SYN);
        egress.run("egress_gateway", datagram);
        egress.address(3, "198.51.100.99", EgressObject.PORT_MIN, EgressObject.PORT_MAX);
        for (boolean follows : List.of(false, true)) {
            egress.rule(7, RANGE, EgressAction.GATEWAY, 3);
            if (follows) {
                egress.follow(7, RANGE, 3);
            }
            assertThat(egress.outcome(egress.run("egress_gateway", DATA))).isEqualTo(TOLD);
        }
        assertThat(Frame.text(egress.run("egress_gateway", datagram).packet())).startsWith("udp 198.51.100.99:40000 ");
        assertThat(Frame.text(egress.run("egress_gateway", SYN).packet())).startsWith("tcp 198.51.100.99:40000 ");
        assertThat(Frame.text(egress.run("egress_gateway", DATA).packet())).startsWith("tcp 198.51.100.99:40000 ");
        // Both halves of each, and no half of what was before.
        assertThat(egress.maps.translations().entries())
                .hasSize(4)
                .allSatisfy((tuple, nat) -> assertThat(nat.groupId()).isEqualTo(3));
        assertThat(egress.outcome(egress.run("egress_reply", "tcp 203.0.113.9:443 > 198.51.100.7:40000")))
                .isEqualTo("pass");
    }

    @Test
    void aFlowOfAnotherGroupWaitsForAnAddressOfItsOwn() throws Exception {
        egress.run("egress_gateway", SYN);
        egress.rule(7, RANGE, EgressAction.GATEWAY, 9);
        for (String packet : List.of(SYN, DATA)) {
            assertThat(egress.outcome(egress.run("egress_gateway", packet))).isEqualTo("drop DROP_NO_EGRESS_ADDRESS");
        }
    }

    @Test
    void aGatewayThatHasNoAddressForItAnyMoreGoesOnWithAFlow() throws Exception {
        egress.run("egress_gateway", SYN);
        egress.maps.addresses().delete(new dev.tombolo.bpf.egress.EgressAddressKey(1, 4));
        assertThat(egress.outcome(egress.run("egress_gateway", DATA))).isEqualTo(SENT);
    }

    @Test
    void whoOpensAConnectionAnewHasEndedTheOneBefore() throws Exception {
        egress.run("egress_gateway", SYN);
        egress.run("egress_gateway", DATA.replace("flags=24", "flags=17"));
        egress.run("egress_reply", "tcp 203.0.113.9:443 > 198.51.100.7:40000 flags=17");
        assertThat(flags()).isEqualTo(Map.of("out", 1, "in", 5));
        egress.run("egress_gateway", SYN);
        assertThat(flags()).isEqualTo(Map.of("out", 0, "in", 0));
    }

    /** Whoever knows the ports can send one; a pod that goes on has not believed it. */
    @Test
    void aResetFromOutsideThatThePodDoesNotBelieveEndsNothing() throws Exception {
        egress.run("egress_gateway", SYN);
        egress.run("egress_reply", "tcp 203.0.113.9:443 > 198.51.100.7:40000 flags=4");
        assertThat(flags()).isEqualTo(Map.of("out", 2, "in", 4));
        egress.run("egress_gateway", DATA);
        assertThat(flags()).isEqualTo(Map.of("out", 0, "in", 4));
        egress.run("egress_gateway", DATA.replace("flags=24", "flags=4"));
        assertThat(flags()).isEqualTo(Map.of("out", 2, "in", 4));
    }

    private Map<String, Integer> flags() throws Exception {
        return egress.maps.translations().entries().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().isOutward() ? "out" : "in",
                        entry -> entry.getValue().flags()));
    }

    private void expectToldAtSource(String segment) throws Exception {
        var run = egress.run("egress_source", segment);
        assertThat(egress.outcome(run)).isEqualTo(TOLD);
        String[] words = segment.split(" ");
        assertThat(Frame.text(run.packet())).isEqualTo("tcp " + words[3] + " > " + words[1]);
    }
}
