package dev.tombolo.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages, byte by byte, as a little-endian machine sends them; no kernel needed. */
class ConntrackCodecTest {
    private static final int MARK = 0x1000;
    private static final String HEADER = "02000000";

    /** 10.1.0.2:4000 to 192.0.2.2:9 by UDP. */
    private static final String ENDS = "14000180" + "080001000a010002" + "08000200c0000202" + "1c000280"
            + "0500010011000000" + "060002000fa00000" + "0600030000090000";

    private static final String ORIGINAL = "34000180" + ENDS;

    /** To who asked. */
    private static final String REPLY = "34000280" + "14000180" + "08000100c0000202" + "080002000a010002" + "1c000280"
            + "0500010011000000" + "0600020000090000" + "060003000fa00000";

    /** To 192.0.2.1, which is the node's. */
    private static final String REPLY_TO_NODE = REPLY.replace("080002000a010002", "08000200c0000201");

    private static final String MARKED = "0800080000001000";
    private static final String ID = "08000c00a1b2c3d4";

    private static final TrackedConnection CONNECTION = new TrackedConnection(
            SocketEndpoint.parse("10.1.0.2:4000"),
            SocketEndpoint.parse("192.0.2.2:9"),
            IpAddress.parse("10.1.0.2"),
            17,
            MARK,
            0xa1b2c3d4,
            ByteBuffer.wrap(HexFormat.of().parseHex(ENDS)));

    @BeforeEach
    void littleEndian() {
        assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
                "skipped: the bytes are those of a little-endian machine");
    }

    @Test
    void askingForAll() {
        assertThat(hex(ConntrackCodec.listing())).isEqualTo("14000000" + "01010103" + "0700000000000000" + "00000000");
    }

    @Test
    void oneThatIsMarkedAndItsDeletion() {
        assertThat(decode(HEADER + ORIGINAL + REPLY + MARKED + ID)).contains(CONNECTION);
        assertThat(hex(ConntrackCodec.deleting(CONNECTION)))
                .isEqualTo("50000000" + "02010500" + "0700000000000000" + HEADER + ORIGINAL + ID);
    }

    @Test
    void ofIpv6WithTheIdOfItsEchoes() {
        String from = "1400030020010db8000000000000000000000001";
        String to = "1400040020010db8000000000000000000000002";
        String ends = "2c000180" + from + to + "24000280" + "050001003a000000" + "0600070012340000" + "0500080080000000"
                + "0500090000000000";
        String back = "1400040020010db8000000000000000000000001";
        String reply = "30000280" + "2c000180" + to.replace("14000400", "14000300") + back;
        var found = decode("0a000000" + "54000180" + ends + reply + MARKED + ID).orElseThrow();
        assertThat(found.source()).isEqualTo(SocketEndpoint.parse("[2001:db8::1]:4660"));
        assertThat(found.destination()).isEqualTo(SocketEndpoint.parse("[2001:db8::2]:0"));
        assertThat(found.protocol()).isEqualTo(58);
        assertThat(hex(ConntrackCodec.deleting(found))).contains("0a000000" + "54000180" + ends + ID);
    }

    @Test
    void oneThatIsNotMarkedInterestsWhereItIsTranslated() {
        assertThat(decode(HEADER + ORIGINAL + REPLY + ID)).isEmpty();
        assertThat(decode(HEADER + ORIGINAL + REPLY + "0800080000002000" + ID)).isEmpty();
        var translated = decode(HEADER + ORIGINAL + REPLY_TO_NODE + ID).orElseThrow();
        assertThat(translated.isSourceTranslated()).isTrue();
        assertThat(translated.mark()).isZero();
        assertThat(CONNECTION.isSourceTranslated()).isFalse();
    }

    @Test
    void oneOfAZoneIsSomebodyElses() {
        assertThat(decode(HEADER + ORIGINAL + REPLY + MARKED + "0600120000070000" + ID))
                .isEmpty();
        String zoned = "3c000180" + ENDS + "0600030000070000";
        assertThat(decode(HEADER + zoned + REPLY + MARKED + ID)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0200",
                HEADER,
                HEADER + ORIGINAL + MARKED,
                HEADER + REPLY + MARKED,
                // A length of nothing, and one past the end.
                HEADER + ORIGINAL + "00000280" + MARKED,
                HEADER + ORIGINAL + "ffff0280" + MARKED,
                // An address of three bytes.
                HEADER + "10000180" + "0c000180" + "070001000a010000" + REPLY + MARKED
            })
    void aDamagedMessageIsNone(String message) {
        assertThat(decode(message)).isEmpty();
    }

    private static Optional<TrackedConnection> decode(String hex) {
        return ConntrackCodec.decode(
                ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.nativeOrder()), MARK);
    }

    private static String hex(Message message) {
        return HexFormat.of().formatHex(message.withSequence(7));
    }
}
