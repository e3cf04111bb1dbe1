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

/** Who loses an egress address of IPv6 by what neighbours advertise, and what of it is let out. */
class EgressIpv6FencePacketTest {
    private static final IpAddress ADDRESS = IpAddress.parse("2001:db8:7::7");
    private static final EgressFenceKey OURS = new EgressFenceKey(ADDRESS);
    private static final EgressFenceKey OURS_V4 = new EgressFenceKey(IpAddress.parse("198.51.100.7"));
    private static final String OWN = "020000000001";
    private static final String OTHER = "020000000009";
    private static final String CLAIM = "advertise 2001:db8:7::7 > ff02::1 of 2001:db8:7::7";
    private static final String FLOW = "udp 2001:db8:1::2#40000 > 2001:db8:9::9#53";
    private static final int SOURCE_LINK = 1;
    private static final int TARGET_LINK = 2;

    @AutoClose
    private EgressObject egress;

    @BeforeEach
    void load() throws Exception {
        egress = new EgressObject(64);
        egress.maps.fence().put(OURS, EgressFence.OWNED);
        egress.maps.fence().put(OURS_V4, EgressFence.OWNED);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "an announcement,        advertise 2001:db8:7::7 > ff02::1 of 2001:db8:7::7, true",
        "by a local address,     advertise fe80::9 > ff02::1 of 2001:db8:7::7, true",
        "an answer to anybody,   advertise fe80::9 > 2001:db8:7::9 of 2001:db8:7::7, true",
        "a question in passing,  solicit 2001:db8:7::7 > ff02::1:ff00:9 of 2001:db8:7::9, false",
        "a neighbour's question, solicit fe80::9 > ff02::1:ff00:7 of 2001:db8:7::7, false",
        "whether it is free,     solicit :: > ff02::1:ff00:7 of 2001:db8:7::7, false",
        "of another address,     advertise 2001:db8:7::7 > ff02::1 of 2001:db8:7::9, false",
        "IPv4 dressed as IPv6,   advertise fe80::9 > ff02::1 of ::ffff:198.51.100.7, false"
    })
    void whoAdvertisesAnAddressOfOursTakesIt(String name, String message, boolean deposed) throws Exception {
        byte[] frame = frame(message, option(message, OTHER));
        var run = egress.run("egress_reply", frame, 0, 0);
        assertThat(egress.outcome(run)).isEqualTo("pass");
        assertThat(run.packet()).isEqualTo(frame);
        assertThat(fence().isDeposed()).isEqualTo(deposed);
        assertThat(egress.maps.fence().lookup(OURS_V4)).contains(EgressFence.OWNED);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "it stands first,            0201 020000000009, true",
        "after another option,       0e01 010203040506 0201 020000000009, true",
        "after a long one,           0e02 0102030405060102030405060708 0201 020000000009, true",
        "as the fourth,              0e01 010203040506 0e01 010203040506 0e01 010203040506 0201 020000000009, true",
        "too far behind,             0e01 010203040506 0e01 010203040506 0e01 010203040506 0e01 010203040506 0201 020000000009, false",
        "it is not there,            '', false",
        "it is of no Ethernet,       0202 0200000000090000000000000000, false",
        "it is zero,                 0201 000000000000, false",
        "it is cut,                  0201 0200000000, false",
        "an option without a length, 0e00 010203040506 0201 020000000009, false"
    })
    void theMachineIsFoundWhereverItStands(String name, String options, boolean deposed) throws Exception {
        hear(CLAIM, HexFormat.of().parseHex(options.replace(" ", "")));
        assertThat(fence().isDeposed()).isEqualTo(deposed);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "it crossed a router,     7, fe",
        "it is no ICMP,           6, 11",
        "a header in between,     6, 00",
        "it is shorter than said, 5, 17",
        "IPv4 said to be IPv6,    0, 40",
        "another type,            40, 85",
        "another code,            41, 01"
    })
    void whatIsNoNeighboursTakesNothing(String name, int at, String value) throws Exception {
        byte[] frame = frame(CLAIM, option(CLAIM, OTHER));
        frame[Frame.L3 + at] = HexFormat.of().parseHex(value)[0];
        assertThat(egress.outcome(egress.run("egress_reply", frame, 0, 0))).isEqualTo("pass");
        assertThat(fence()).isEqualTo(EgressFence.OWNED);
    }

    @Test
    void ourOwnAnnouncementComingBackTakesNothing() throws Exception {
        assertThat(say(CLAIM, OWN)).isEqualTo("pass");
        hear(CLAIM, option(CLAIM, OWN));
        assertThat(fence().isDeposed()).isFalse();
        hear(CLAIM, option(CLAIM, OTHER));
        assertThat(fence().isDeposed()).isTrue();
    }

    @Test
    void nothingIsTranslatedToALostAddress() throws Exception {
        egress.run("egress_gateway", FLOW);
        hear(CLAIM, option(CLAIM, OTHER));
        assertThat(egress.outcome(egress.run("egress_gateway", FLOW))).isEqualTo("drop DROP_DEPOSED");
        assertThat(egress.outcome(egress.run("egress_gateway", FLOW.replace("40000", "40001"))))
                .isEqualTo("drop DROP_DEPOSED");
        egress.maps.fence().put(OURS, EgressFence.OWNED);
        assertThat(egress.outcome(egress.run("egress_gateway", FLOW))).isEqualTo("redirect FORWARDED");
    }

    /** A question with a lost address as its sender draws packets as an answer does. */
    @ParameterizedTest
    @CsvSource({
        CLAIM,
        "advertise 2001:db8:7::7 > 2001:db8:7::9 of 2001:db8:7::7",
        "advertise fe80::1 > fe80::9 of 2001:db8:7::7",
        "solicit 2001:db8:7::7 > ff02::1:ff00:9 of 2001:db8:7::9"
    })
    void aLostAddressIsNotSpokenFor(String message) throws Exception {
        assertThat(say(message, OWN)).isEqualTo("pass");
        hear(CLAIM, option(CLAIM, OTHER));
        assertThat(say(message, OWN)).isEqualTo("drop DROP_DEPOSED");
    }

    @Test
    void othersAreSpokenForAsBefore() throws Exception {
        hear(CLAIM, option(CLAIM, OTHER));
        assertThat(say("advertise fe80::1 > fe80::9 of 2001:db8:7::1", OWN)).isEqualTo("pass");
        assertThat(say("solicit fe80::1 > ff02::1:ff00:7 of 2001:db8:7::7", OWN))
                .isEqualTo("pass");
    }

    private EgressFence fence() throws Exception {
        return egress.maps.fence().lookup(OURS).orElseThrow();
    }

    private void hear(String message, byte[] options) throws Exception {
        egress.run("egress_reply", frame(message, options), 0, 0);
    }

    private String say(String message, String mac) throws Exception {
        return egress.outcome(egress.run("egress_local", frame(message, option(message, mac)), 0, 0));
    }

    /** What a message of that kind names its machine by. */
    private static byte[] option(String message, String mac) {
        int type = message.startsWith("advertise") ? TARGET_LINK : SOURCE_LINK;
        return ByteBuffer.allocate(8)
                .put((byte) type)
                .put((byte) 1)
                .put(HexFormat.of().parseHex(mac))
                .array();
    }

    /** Of {@code advertise FROM > TO of TARGET} or {@code solicit …}. */
    private static byte[] frame(String text, byte[] options) {
        String[] words = text.split(" ");
        return ByteBuffer.allocate(Frame.L3 + 64 + options.length)
                .put(HexFormat.of().parseHex("333300000001" + OTHER + "86dd"))
                .putInt(0x60000000)
                .putShort((short) (24 + options.length))
                .put((byte) 58)
                .put((byte) 255)
                .put(address(words[1]))
                .put(address(words[3]))
                .put((byte) (words[0].equals("solicit") ? 135 : 136))
                .put(new byte[7])
                .put(address(words[5]))
                .put(options)
                .array();
    }

    private static byte[] address(String text) {
        return IpAddress.parse(text).bytes16();
    }
}
