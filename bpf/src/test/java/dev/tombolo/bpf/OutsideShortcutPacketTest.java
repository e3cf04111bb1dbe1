package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.Protocol;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of services whose backends' nodes answer, at a neighbour by the device that packets come by. */
class OutsideShortcutPacketTest {
    private static final String SYN = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2";
    private static final String ACK = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16";
    private static final String TURNED = "tx FORWARDED tcp 203.0.113.9:4000 > 192.0.2.10:80 ttl=63";
    private static final String PASSED = "pass tcp 203.0.113.9:4000 > 192.0.2.10:80";
    private static final int FIRST_HEADER_BYTE = Frame.L3;
    private static final int CARRIED = 0xFEFF;
    private static final int HOPS = Frame.L3 + 8;
    private static final int CHECKSUM = Frame.L3 + 10;

    @AutoClose
    private OutsideObject outside;

    @AutoClose
    private ShortcutRun shortcut;

    @BeforeEach
    void load() throws Exception {
        outside = new OutsideObject(64);
        shortcut = new ShortcutRun(outside.object);
        outside.direct("192.0.2.10:80", Protocol.TCP, "10.1.2.2:8080");
        outside.direct("192.0.2.10:53", Protocol.UDP, "10.1.2.3:5353");
        outside.direct("192.0.2.11:80", Protocol.TCP, "10.1.1.2:8080");
        outside.direct("192.0.2.12:80", Protocol.TCP, "10.9.0.2:8080");
        outside.direct("2001:db8:2::10#80", Protocol.TCP, "2001:db8:1::2#8080");
        outside.service("192.0.2.13:80", Protocol.TCP, Reach.OUTSIDE, "10.1.2.2:8080");
        place("10.1.2.2", "172.30.1.12");
        place("10.1.2.3", "172.30.1.12");
        place("2001:db8:1::2", "fd30:1::12");
        outside.place("10.1.1.2", "172.30.1.11", 0);
    }

    private void place(String backend, String node) throws Exception {
        outside.place(backend, node, shortcut.device);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TCP,      tcp 203.0.113.9:4000 > 192.0.2.10:80, flags=2, flags=16",
        "the same from the start, tcp 203.0.113.9:4000 > 192.0.2.10:80, flags=2, flags=2",
        "its end,  tcp 203.0.113.9:4000 > 192.0.2.10:80, flags=2, flags=17",
        "UDP,      udp 203.0.113.9:4000 > 192.0.2.10:53, len=4, len=4",
        "IPv6,     tcp 2001:db8::9#4000 > 2001:db8:2::10#80, flags=2, flags=16"
    })
    void whatWasHandedOnTurnsRound(String name, String packet, String first, String next) throws Exception {
        outside.in(packet + " " + first);
        var outcome = shortcut.run(Frame.of(packet + " " + next));
        assertThat(outcome.verdict() + " " + Frame.text(outcome.frame())).isEqualTo("tx " + packet + " ttl=63");
        assertThat(outcome.destination()).isEqualTo(ShortcutRun.NEIGHBOUR);
        assertThat(outcome.source()).isEqualTo(shortcut.address);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "of another connection, tcp 203.0.113.9:4001 > 192.0.2.10:80",
        "for nobody,            tcp 203.0.113.9:4000 > 192.0.2.99:80",
        "the last hop,          tcp 203.0.113.9:4000 > 192.0.2.10:80 ttl=1",
        "no hop left,           tcp 203.0.113.9:4000 > 192.0.2.10:80 ttl=0",
        "come back,             tcp 203.0.113.9:4005 > 192.0.2.10:80 flags=2 ttl=63",
        "options,               tcp 203.0.113.9:4000 > 192.0.2.10:80 options",
        "a first fragment,      udp 203.0.113.9:4000 > 192.0.2.10:53 len=16 mf id=7",
        "a later fragment,      udp 203.0.113.9:0 > 192.0.2.10:0 frag=3 id=7",
        "an error,              icmp 198.51.100.1 > 192.0.2.10 type=3 code=4 [ tcp 192.0.2.10:80 > 203.0.113.9:4000 ]",
        "ping,                  ping 203.0.113.9:4000 > 192.0.2.10",
        "options of IPv6,       tcp 2001:db8::9#4000 > 2001:db8:2::10#80 options",
        "a fragment of IPv6,    tcp 2001:db8::9#4000 > 2001:db8:2::10#80 len=16 mf id=7",
        "longer than the way,   tcp 203.0.113.9:4000 > 192.0.2.10:80 len=1400",
        "served here,           tcp 203.0.113.9:4000 > 192.0.2.11:80",
        "served by this node,   tcp 203.0.113.9:4000 > 192.0.2.12:80",
        "with a source of ours, tcp 203.0.113.9:4000 > 192.0.2.13:80"
    })
    void everythingElseIsLeftToTheStack(String name, String packet) throws Exception {
        outside.in(SYN);
        outside.in(ACK);
        outside.in(SYN.replace("4000", "4005"));
        outside.in("udp 203.0.113.9:4000 > 192.0.2.10:53");
        outside.in("tcp 203.0.113.9:4000 > 192.0.2.13:80 flags=2");
        outside.in("tcp 203.0.113.9:4000 > 192.0.2.11:80 flags=2");
        outside.in("tcp 203.0.113.9:4000 > 192.0.2.12:80 flags=2");
        outside.in("tcp 2001:db8::9#4000 > 2001:db8:2::10#80 flags=2");
        assertThat(isPassedUntouched(Frame.of(packet))).isTrue();
    }

    @Test
    void theFirstPacketIsOfTheStack() throws Exception {
        assertThat(run(SYN)).isEqualTo("pass tcp 203.0.113.9:4000 > 192.0.2.10:80");
        assertThat(outside.connections.count()).isZero();
    }

    /** The stack finds the neighbour, or the router; another device is its too. */
    @ParameterizedTest
    @ValueSource(strings = {"172.30.1.13", "198.51.100.7", "192.0.2.1"})
    void aNodeThatIsNoKnownNeighbourIsLeftToTheStack(String node) throws Exception {
        outside.in(SYN);
        assertThat(run(ACK)).isEqualTo(TURNED);
        place("10.1.2.2", node);
        assertThat(run(ACK)).isEqualTo(PASSED);
    }

    @Test
    void aNeighbourAtAnotherDeviceIsLeftToTheStack() throws Exception {
        outside.in(SYN);
        outside.place("10.1.2.2", ShortcutRun.NODE_ELSEWHERE, shortcut.otherDevice);
        assertThat(run(ACK)).isEqualTo(PASSED);
    }

    @Test
    void whatBeginsAnewIsDecidedByTheStack() throws Exception {
        outside.in(SYN);
        assertThat(run(ACK.replace("=16", "=17"))).isEqualTo(TURNED);
        assertThat(run(SYN)).isEqualTo(PASSED);
        outside.in("udp 203.0.113.9:4000 > 192.0.2.10:53");
        outside.direct("192.0.2.10:53", Protocol.UDP);
        assertThat(run("udp 203.0.113.9:4000 > 192.0.2.10:53")).isEqualTo("pass udp 203.0.113.9:4000 > 192.0.2.10:53");
    }

    /** Or the collector would take the connection for one that has ended, or never began. */
    @Test
    void theEntrySaysWhatWentBy() throws Exception {
        outside.in(SYN);
        var before = entry();
        run(ACK);
        assertThat(entry().lastSeen()).isGreaterThan(before.lastSeen());
        outside.place("10.1.2.2", "172.30.1.12", shortcut.device + 1);
        assertThat(outside.outcome(outside.in(SYN.replace("flags=2", "flags=2 ttl=63"))))
                .as("one that was answered does not come back")
                .startsWith("redirect FORWARDED");
    }

    private dev.tombolo.bpf.outside.ServiceTranslation entry() throws Exception {
        return outside.connections.entries().values().iterator().next();
    }

    /** Of one that a hop less carries over at both ends, and of its neighbours. */
    @Test
    void theChecksumIsRightWhateverItWas() throws Exception {
        outside.in(SYN);
        int carries = IntStream.range(0, 0x10000)
                .filter(id -> checksum(Frame.of(ACK + " id=" + id)) == CARRIED)
                .findFirst()
                .orElseThrow();
        for (int id = carries - 1; id <= carries + 1; id++) {
            byte[] turned = shortcut.run(Frame.of(ACK + " id=" + id)).frame();
            assertThat(checksum(turned)).isEqualTo(checksum(Frame.of(ACK + " ttl=63 id=" + id)));
        }
    }

    private static int checksum(byte[] frame) {
        return (frame[CHECKSUM] & 0xFF) << 8 | frame[CHECKSUM + 1] & 0xFF;
    }

    @Test
    void whatIsCutShortIsLeftToTheStack() throws Exception {
        outside.in(SYN);
        outside.in("tcp 2001:db8::9#4000 > 2001:db8:2::10#80 flags=2");
        for (String packet : new String[] {ACK, "tcp 2001:db8::9#4000 > 2001:db8:2::10#80"}) {
            byte[] whole = Frame.of(packet);
            for (int size = Frame.L3; size < whole.length; size += 3) {
                assertThat(isPassedUntouched(Arrays.copyOf(whole, size)))
                        .as("%d bytes", size)
                        .isTrue();
            }
        }
    }

    @Test
    void randomHeadersDoNoHarm() throws Exception {
        outside.in(SYN);
        var random = new Random(4);
        for (int i = 0; i < 200; i++) {
            byte[] frame = Frame.of(ACK);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                frame[FIRST_HEADER_BYTE + random.nextInt(frame.length - FIRST_HEADER_BYTE)] = (byte) random.nextInt();
            }
            var outcome = shortcut.run(frame);
            boolean turned = outcome.verdict().equals("tx");
            assertThat(outcome.frame()[HOPS] & 0xFF).isEqualTo((frame[HOPS] & 0xFF) - (turned ? 1 : 0));
            assertThat(withoutWhatTurns(outcome.frame())).isEqualTo(withoutWhatTurns(frame));
        }
        assertThat(outside.connections.count()).isEqualTo(1);
    }

    /** Without hardware addresses, hops and the header's checksum. */
    private static byte[] withoutWhatTurns(byte[] frame) {
        byte[] rest = frame.clone();
        Arrays.fill(rest, 0, 2 * 6, (byte) 0);
        rest[HOPS] = 0;
        rest[CHECKSUM] = 0;
        rest[CHECKSUM + 1] = 0;
        return rest;
    }

    private boolean isPassedUntouched(byte[] frame) throws Exception {
        var outcome = shortcut.run(frame);
        return outcome.verdict().equals("pass") && Arrays.equals(outcome.frame(), frame);
    }

    /** As {@link OutsideObject#outcome}. */
    private String run(String packet) throws Exception {
        outside.remember();
        var outcome = shortcut.run(Frame.of(packet));
        return (outcome.verdict() + " " + outside.counted()).trim() + " " + Frame.text(outcome.frame());
    }
}
