package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.egress.EgressFence;
import dev.tombolo.bpf.egress.EgressFenceKey;
import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who loses an egress address by what the wire says, and what becomes of its packets. */
class EgressFencePacketTest {
    private static final EgressFenceKey OURS = new EgressFenceKey(IpAddress.parse("198.51.100.7"));
    private static final EgressFenceKey OURS_TOO = new EgressFenceKey(IpAddress.parse("198.51.100.8"));
    private static final String OWN = "020000000001";
    private static final String OTHER = "020000000009";
    private static final String CLAIM = "request 198.51.100.7 > 198.51.100.7";
    private static final String FLOW = "udp 10.1.0.2:40000 > 203.0.113.9:53";

    @AutoClose
    private EgressObject egress;

    @BeforeEach
    void load() throws Exception {
        egress = new EgressObject(64);
        egress.maps.fence().put(OURS, EgressFence.OWNED);
        egress.maps.fence().put(OURS_TOO, EgressFence.OWNED);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a gratuitous question,  request 198.51.100.7 > 198.51.100.7, true",
        "a gratuitous answer,    reply 198.51.100.7 > 198.51.100.7, true",
        "an answer to anybody,   reply 198.51.100.7 > 192.0.2.9, true",
        "a question in passing,  request 198.51.100.7 > 192.0.2.9, false",
        "a neighbour's question, request 192.0.2.9 > 198.51.100.7, false",
        "a neighbour's answer,   reply 192.0.2.9 > 198.51.100.7, false",
        "whether it is free,     request 0.0.0.0 > 198.51.100.7, false",
        "of another address,     request 192.0.2.9 > 192.0.2.9, false"
    })
    void whoAnnouncesAnAddressOfOursTakesIt(String name, String arp, boolean deposed) throws Exception {
        byte[] frame = arp(arp, OTHER);
        var run = egress.run("egress_reply", frame, 0, 0);
        assertThat(egress.outcome(run)).isEqualTo("pass");
        assertThat(run.packet()).isEqualTo(frame);
        assertThat(fence(OURS).isDeposed()).isEqualTo(deposed);
        assertThat(fence(OURS_TOO)).isEqualTo(EgressFence.OWNED);
        assertThat(egress.maps.fence().count()).isEqualTo(2);
    }

    @Test
    void aLaterClaimShowsByItsTime() throws Exception {
        hear(CLAIM, OTHER);
        long first = fence(OURS).deposedAt();
        hear(CLAIM, OTHER);
        assertThat(first).isPositive();
        assertThat(fence(OURS).deposedAt()).isGreaterThan(first);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing at all,      ''",
        "one byte too short,  0001 0800 06 04 0002 020000000009 c6336407 020000000009 c63364",
        "no Ethernet,         0006 0800 06 04 0002 020000000009 c6336407 020000000009 c6336407",
        "no IPv4,             0001 86dd 06 04 0002 020000000009 c6336407 020000000009 c6336407",
        "a longer MAC,        0001 0800 08 04 0002 020000000009 c6336407 020000000009 c6336407",
        "a longer address,    0001 0800 06 10 0002 020000000009 c6336407 020000000009 c6336407"
    })
    void whatIsMalformedTakesNothing(String name, String arp) throws Exception {
        byte[] frame = HexFormat.of().parseHex("ffffffffffff" + OTHER + "0806" + arp.replace(" ", ""));
        assertThat(egress.outcome(egress.run("egress_reply", frame, 0, 0))).isEqualTo("pass");
        assertThat(fence(OURS)).isEqualTo(EgressFence.OWNED);
        hear(CLAIM, OTHER);
        assertThat(egress.outcome(egress.run("egress_local", frame, 0, 0))).isEqualTo("pass");
    }

    @Test
    void ourOwnAnnouncementComingBackTakesNothing() throws Exception {
        assertThat(say(CLAIM, OWN)).isEqualTo("pass");
        hear(CLAIM, OWN);
        assertThat(fence(OURS).isDeposed()).isFalse();
        hear(CLAIM, OTHER);
        assertThat(fence(OURS).isDeposed()).isTrue();
    }

    @Test
    void nothingIsTranslatedToALostAddress() throws Exception {
        egress.run("egress_gateway", FLOW);
        hear(CLAIM, OTHER);
        assertThat(egress.outcome(egress.run("egress_gateway", FLOW))).isEqualTo("drop DROP_DEPOSED");
        assertThat(egress.outcome(egress.run("egress_gateway", "udp 10.1.0.2:40001 > 203.0.113.9:53")))
                .isEqualTo("drop DROP_DEPOSED");
        assertThat(egress.maps.translations().count()).isEqualTo(2);
        // An address that nobody else has announced serves on.
        assertThat(egress.outcome(egress.run("egress_gateway", "udp 10.1.0.4:40000 > 192.0.2.9:53")))
                .isEqualTo("redirect FORWARDED");
    }

    @Test
    void norOfAPodOfThisNode() throws Exception {
        hear("reply 198.51.100.8 > 198.51.100.8", OTHER);
        assertThat(egress.outcome(egress.leave("udp 10.1.0.4:40000 > 192.0.2.9:53")))
                .isEqualTo("drop DROP_DEPOSED");
    }

    @Test
    void aLostAddressIsNotAnsweredFor() throws Exception {
        assertThat(say("reply 198.51.100.7 > 192.0.2.9", OWN)).isEqualTo("pass");
        hear(CLAIM, OTHER);
        assertThat(say("reply 198.51.100.7 > 192.0.2.9", OWN)).isEqualTo("drop DROP_DEPOSED");
        assertThat(say("request 198.51.100.7 > 192.0.2.9", OWN)).isEqualTo("drop DROP_DEPOSED");
        assertThat(say(CLAIM, OWN)).isEqualTo("drop DROP_DEPOSED");
        assertThat(say("reply 198.51.100.8 > 192.0.2.9", OWN)).isEqualTo("pass");
        assertThat(say("request 192.0.2.1 > 198.51.100.7", OWN)).isEqualTo("pass");
    }

    @Test
    void whoWritesTheRowAnewRestoresTheAddress() throws Exception {
        egress.run("egress_gateway", FLOW);
        hear(CLAIM, OTHER);
        egress.maps.fence().put(OURS, EgressFence.OWNED);
        assertThat(egress.outcome(egress.run("egress_gateway", FLOW))).isEqualTo("redirect FORWARDED");
        assertThat(egress.outcome(egress.run("egress_gateway", "udp 10.1.0.2:40001 > 203.0.113.9:53")))
                .isEqualTo("redirect FORWARDED");
        assertThat(say(CLAIM, OWN)).isEqualTo("pass");
    }

    @Test
    void anAddressWithoutARowIsTheAdministrators() throws Exception {
        egress.maps.fence().delete(OURS);
        hear(CLAIM, OTHER);
        assertThat(egress.outcome(egress.run("egress_gateway", FLOW))).isEqualTo("redirect FORWARDED");
        assertThat(say(CLAIM, OWN)).isEqualTo("pass");
        assertThat(egress.maps.fence().lookup(OURS)).isEmpty();
    }

    /** The far side's segment was translated at another gateway: to this node's stack it is nobody's. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "of the address,       tcp 198.51.100.7:40000 > 203.0.113.9:443 flags=4 seq=77, 0, drop DROP_UNKNOWN_CONNECTION",
        "of IPv6,              tcp 2001:db8:7::7#40000 > 2001:db8:9::9#443 flags=4 seq=77, 0, drop DROP_UNKNOWN_CONNECTION",
        "of a pod,             tcp 198.51.100.7:40000 > 203.0.113.9:443 flags=4 seq=77, 3, pass",
        "of no such address,   tcp 198.51.100.9:40000 > 203.0.113.9:443 flags=4 seq=77, 0, pass",
        "an opening refused,   tcp 198.51.100.7:40000 > 203.0.113.9:443 flags=20 ack=78, 0, pass",
        "no reset,             tcp 198.51.100.7:40000 > 203.0.113.9:443 flags=16 ack=78, 0, pass",
        "no TCP,               udp 198.51.100.7:40000 > 203.0.113.9:443, 0, pass"
    })
    void theNodeDeniesNoConnectionOfAnAddressThatMoves(String name, String packet, int cameBy, String outcome)
            throws Exception {
        egress.maps.fence().put(new EgressFenceKey(IpAddress.parse("2001:db8:7::7")), EgressFence.OWNED);
        var run = egress.run("egress_local", Frame.of(packet), 0, 0, cameBy);
        assertThat(egress.outcome(run)).isEqualTo(outcome);
    }

    private EgressFence fence(EgressFenceKey key) throws Exception {
        return egress.maps.fence().lookup(key).orElseThrow();
    }

    private void hear(String arp, String mac) throws Exception {
        egress.run("egress_reply", arp(arp, mac), 0, 0);
    }

    private String say(String arp, String mac) throws Exception {
        return egress.outcome(egress.run("egress_local", arp(arp, mac), 0, 0));
    }

    /** Of {@code request SENDER > TARGET} or {@code reply …}, from that hardware address. */
    private static byte[] arp(String text, String mac) {
        String[] words = text.split(" ");
        byte[] sender = HexFormat.of().parseHex(mac);
        return ByteBuffer.allocate(42)
                .put(HexFormat.of().parseHex("ffffffffffff"))
                .put(sender)
                .putShort((short) 0x0806)
                .put(HexFormat.of().parseHex("000108000604"))
                .putShort((short) (words[0].equals("request") ? 1 : 2))
                .put(sender)
                .putInt(IpAddress.parse(words[1]).v4Bits())
                .put(new byte[6])
                .putInt(IpAddress.parse(words[3]).v4Bits())
                .array();
    }
}
