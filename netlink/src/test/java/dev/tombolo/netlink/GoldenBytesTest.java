package dev.tombolo.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages, byte by byte, as a little-endian machine sends them; no kernel needed. */
class GoldenBytesTest {
    private static final Map<Integer, String> DEVICES = Map.of(5, "wg0");

    @BeforeEach
    void littleEndian() {
        assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
                "skipped: the bytes are those of a little-endian machine");
    }

    @Test
    void addingALink() {
        assertThat(hex(Links.adding("wg0", "wireguard")))
                .isEqualTo("3c00000010000506070000000000000000000000000000000000000000000000"
                        + "0800030077673000"
                        + "140012800d00010077697265677561726400" + "0000");
    }

    @Test
    void addingAnAddress() {
        var address = InterfaceAddress.host("wg0", IpAddress.parse("100.64.0.1"));
        assertThat(hex(Addresses.adding(address, 5)))
                .isEqualTo("28000000140005050700000000000000" + "0220000005000000" + "0800020064400001"
                        + "0800010064400001");
    }

    @Test
    void anAddressWithALabelAndBack() {
        var address =
                InterfaceAddress.host("wg0", IpAddress.parse("100.64.0.1")).withLabel("tombolo-egress");
        String bytes = hex(Addresses.adding(address, 5));
        assertThat(bytes)
                .isEqualTo("3c000000140005050700000000000000" + "0220000005000000" + "0800020064400001"
                        + "0800010064400001" + "13000300746f6d626f6c6f2d65677265737300" + "00");
        assertThat(Addresses.decode(payload(bytes), DEVICES)).contains(address);
    }

    @Test
    void aLabelThatIsTheDevicesNameIsNone() {
        var address = InterfaceAddress.host("wg0", IpAddress.parse("100.64.0.1"));
        String bytes = hex(Addresses.adding(address.withLabel("wg0"), 5));
        assertThat(Addresses.decode(payload(bytes), DEVICES)).contains(address);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, '', a label has 1 to 15 bytes",
        "192.0.2.7, tombolo-egress-1, a label has 1 to 15 bytes",
        "2001:db8::7, tombolo-egress, only IPv4 addresses have labels"
    })
    void labelsThatTheKernelWouldCutOrIgnoreAreRefused(String address, String label, String reason) {
        var plain = InterfaceAddress.host("wg0", IpAddress.parse(address));
        assertThatThrownBy(() -> plain.withLabel(label)).hasMessageStartingWith(reason);
    }

    @Test
    void anAnnouncement() {
        byte[] mac = HexFormat.of().parseHex("020000000001");
        byte[] message = GratuitousArp.message(GratuitousArp.REPLY, mac, IpAddress.parse("192.0.2.7"));
        assertThat(HexFormat.of().formatHex(message))
                .isEqualTo("0001080006040002" + "020000000001" + "c0000207" + "ffffffffffff" + "c0000207");
    }

    @Test
    void aDeviceRouteAndBack() {
        var route = Route.device(Prefix.parse("10.2.1.0/24"), "wg0", 7100)
                .withSource(IpAddress.parse("100.64.0.1"))
                .withMtu(1380);
        String bytes = hex(RouteCodec.replacing(route, 5));
        assertThat(bytes)
                .isEqualTo("50000000180005050700000000000000" + "021800000074fd0100000000"
                        + "080001000a020100" + "08000f00bc1b0000" + "0800060000000000" + "0800040005000000"
                        + "0800070064400001" + "0c0008800800020064050000");
        assertThat(RouteCodec.decode(payload(bytes), DEVICES)).contains(route);
    }

    @Test
    void anUnreachableRouteAndBack() {
        var route = Route.unreachable(Prefix.parse("fd00:2::/64"), 300, 4000);
        String bytes = hex(RouteCodec.replacing(route, 0));
        assertThat(bytes)
                .isEqualTo("40000000180005050700000000000000" + "0a4000000074000700000000"
                        + "14000100fd000002000000000000000000000000" + "08000f002c010000" + "08000600a00f0000");
        assertThat(RouteCodec.decode(payload(bytes), DEVICES)).contains(route);
    }

    /** As the kernel answers for: default nexthop via 192.0.2.1 dev wg0 nexthop dev eth9. */
    @Test
    void aRouteOfSeveralPaths() {
        String bytes = "44000000180005050700000000000000" + "02000000fe03000100000000" + "08000f00fe000000" + "1c000900"
                + "1000000005000000" + "08000500c0000201" + "0800000009000000";
        var paths = List.<Hop>of(new Hop.Gateway(IpAddress.parse("192.0.2.1"), "wg0"), new Hop.Device("if9"));
        var route = RouteCodec.decode(payload(bytes), DEVICES).orElseThrow();
        assertThat(route.hop()).isEqualTo(new Hop.Multipath(paths));
        assertThat(route.destination()).isEqualTo(Prefix.parse("0.0.0.0/0"));
        assertThat(route).hasToString("0.0.0.0/0 nexthop via 192.0.2.1 dev wg0 nexthop dev if9 table 254 metric 0");
    }

    @ParameterizedTest
    @CsvSource({"damaged length 0, 0000000005000000", "a length past the end, ff00000005000000", "cut short, 0800"})
    void aDamagedPathIsNone(String what, String path) {
        String padded = path + "0000".repeat(path.length() % 8 / 4);
        String bytes = "00000000180005050700000000000000" + "02000000fe03000100000000"
                + "%02x000900".formatted(4 + path.length() / 2) + padded;
        assertThat(RouteCodec.decode(payload(bytes), DEVICES).orElseThrow().hop())
                .as(what)
                .isEqualTo(new Hop.Multipath(List.of()));
    }

    @Test
    void deletingNamesTypeAndDevice() {
        var route = Route.device(Prefix.parse("10.2.1.0/24"), "wg0", 254);
        assertThat(hex(RouteCodec.deleting(route, 5)))
                .isEqualTo("3c000000190005000700000000000000" + "02180000fe00ff0100000000" + "080001000a020100"
                        + "08000f00fe000000" + "0800060000000000" + "0800040005000000");
    }

    @Test
    void aRuleAndBack() {
        var rule = new Rule(Family.V4, 100, 7100, Optional.of(Prefix.parse("10.2.0.0/16")), 0x7e, 0xff);
        String bytes = hex(Rules.body(new Message(Rtnetlink.NEWRULE, 0x605), rule));
        assertThat(bytes)
                .isEqualTo("44000000200005060700000000000000" + "021000000000000100000000"
                        + "080001000a020000" + "0800060064000000" + "08000f00bc1b0000"
                        + "08000a007e000000" + "08001000ff000000");
        assertThat(Rules.decode(payload(bytes))).contains(rule);
    }

    @Test
    void damagedAttributesEndTheReading() {
        var bytes = ByteBuffer.wrap(HexFormat.of().parseHex("0800010001020304" + "ffff0200" + "0300"))
                .order(ByteOrder.nativeOrder());
        var attributes = Attributes.read(bytes);
        assertThat(attributes.address(1)).isEqualTo(Optional.of(IpAddress.parse("1.2.3.4")));
        assertThat(attributes.has(2)).isFalse();
    }

    private static String hex(Message message) {
        return HexFormat.of().formatHex(message.withSequence(7));
    }

    private static ByteBuffer payload(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.substring(2 * Message.HEADER)))
                .order(ByteOrder.nativeOrder());
    }
}
