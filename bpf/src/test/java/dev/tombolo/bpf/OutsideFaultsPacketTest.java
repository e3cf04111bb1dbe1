package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.egress.NatTimeouts;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceSlot;
import dev.tombolo.bpf.service.ServiceSlotKey;
import dev.tombolo.model.net.Protocol;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients outside send that is broken or too much, and backends that come and go. As {@link OutsidePacketTest}. */
class OutsideFaultsPacketTest {
    private static final int ROOM = 64;
    private static final int IPV4_HEADER = 20;
    private static final String WEB = "192.0.2.10:80";
    private static final String BACKEND = "10.1.0.2:8080";
    private static final String SYN = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2";
    private static final String ACK = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16";
    private static final String SYN_ACK = "tcp 10.1.0.2:8080 > 203.0.113.9:4000 flags=18";
    private static final String SERVED = "pass FORWARDED tcp 203.0.113.9:4000 > 10.1.0.2:8080";

    private OutsideObject outside;

    @BeforeEach
    void load() throws Exception {
        outside = new OutsideObject(ROOM);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, BACKEND);
        outside.service("192.0.2.10:53", Protocol.UDP, Reach.OUTSIDE, "10.1.0.3:5353");
    }

    @AfterEach
    void close() {
        if (outside != null) {
            outside.close();
        }
    }

    @Test
    void aFloodIsBoundedAndTakesNothingFromWhoIsThere() throws Exception {
        establish();
        assertThat(flood(200, true)).containsOnlyKeys("pass FORWARDED", "drop DROP_NAT_FULL");
        assertThat(outside.connections.count()).isBetween(ROOM - 4, ROOM).isEven();
        assertThat(in(ACK)).isEqualTo(SERVED);
        assertThat(out(SYN_ACK)).isEqualTo("pass FORWARDED tcp 192.0.2.10:80 > 203.0.113.9:4000");
        assertThat(in(SYN.replace("4000", "4001"))).isEqualTo("drop DROP_NAT_FULL");
    }

    /** Although the backend answered all of it: nobody went on from there. */
    @Test
    void whatIsLeftOfAFloodMakesRoomSoon() throws Exception {
        establish();
        flood(200, true);
        long later = System.nanoTime() + NatTimeouts.DEFAULT.handshake().toNanos() + 1;
        assertThat(outside.collector(() -> later).collect()).isGreaterThan(ROOM / 2);
        assertThat(outside.connections.count())
                .as("the one that is established")
                .isEqualTo(2);
        assertThat(in(ACK)).isEqualTo(SERVED);
        assertThat(in(SYN.replace("4000", "4001"))).startsWith("pass FORWARDED");
    }

    /** It takes the room of the one that it ended. */
    @Test
    void whoComesAgainFromTheSamePortFindsRoomInAFullMap() throws Exception {
        establish();
        flood(200, false);
        in(ACK.replace("flags=16", "flags=17"));
        assertThat(in(SYN)).isEqualTo(SERVED);
    }

    /** How often each outcome was. */
    private TreeMap<String, Integer> flood(int clients, boolean answered) throws Exception {
        var outcomes = new TreeMap<String, Integer>();
        for (int i = 0; i < clients; i++) {
            String client = "198.18.%d.%d:%d".formatted(i >> 8, i & 255, 1024 + i);
            String outcome = in("tcp " + client + " > 192.0.2.10:80 flags=2").replaceFirst(" tcp .*", "");
            outcomes.merge(outcome, 1, Integer::sum);
            if (answered && outcome.startsWith("pass")) {
                out("tcp " + BACKEND + " > " + client + " flags=18");
            }
        }
        return outcomes;
    }

    private void establish() throws Exception {
        assertThat(in(SYN)).isEqualTo(SERVED);
        out(SYN_ACK);
        assertThat(in(ACK)).isEqualTo(SERVED);
    }

    /** Nothing that the program needs is behind the end of what it was given; the kernel runs none on less than a header. */
    @Test
    void aFrameThatEndsEarlyIsLeftAsItIsOrDropped() throws Exception {
        byte[] whole = Frame.of(SYN);
        for (int size = Frame.L3 + IPV4_HEADER; size < whole.length; size++) {
            byte[] cut = Arrays.copyOf(whole, size);
            var run = outside.run("lb_in", cut);
            if (run.verdict() == 2) {
                assertThat(outside.outcome(run)).isEqualTo("drop DROP_HELPER_FAILED");
                assertThat(size).as("no room for the checksum").isGreaterThanOrEqualTo(Frame.L3 + IPV4_HEADER + 14);
            } else {
                assertThat(run.packet()).isEqualTo(cut);
                assertThat(outside.connections.count()).isZero();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a header of less than its least, 0x44",
        "a header of nothing, 0x40",
        "a header beyond the end, 0x4f",
        "another version, 0x65"
    })
    void aHeaderThatLiesIsTheStacksToJudge(String name, String first) throws Exception {
        byte[] frame = Frame.of(SYN);
        frame[Frame.L3] = (byte) (int) Integer.decode(first);
        var run = outside.run("lb_in", frame);
        assertThat(run.verdict()).isEqualTo(-1);
        assertThat(run.packet()).isEqualTo(frame);
        assertThat(outside.connections.count()).isZero();
    }

    /** Bytes that are anything: no connection is ever half. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverComesNothingIsHalf(long seed) throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            byte[] frame = Frame.of(i % 2 == 0 ? SYN : "udp 203.0.113.9:4000 > 192.0.2.10:53 len=5");
            for (int change = random.nextInt(4); change >= 0; change--) {
                frame[Frame.L3 + random.nextInt(frame.length - Frame.L3)] = (byte) random.nextInt();
            }
            assertThat(outside.object
                            .testRun(i % 5 == 0 ? "lb_out" : "lb_in", frame, 0, 0)
                            .verdict())
                    .isIn(-1, 2);
        }
        assertThat(outside.connections.count()).isPositive().isEven();
    }

    /** The stack puts them together, and no service gets a part of a datagram. */
    @Test
    void aLaterFragmentThatComesFirstIsNotTranslated() throws Exception {
        String later = "udp 203.0.113.9:0 > 192.0.2.10:0 frag=3 id=7";
        assertThat(in(later)).isEqualTo("pass udp 203.0.113.9 > 192.0.2.10 frag=3");
        assertThat(in("udp 203.0.113.9:4000 > 192.0.2.10:53 len=16 mf id=7"))
                .isEqualTo("pass FORWARDED udp 203.0.113.9:4000 > 10.1.0.3:5353");
        assertThat(in(later)).isEqualTo("pass FORWARDED udp 203.0.113.9 > 10.1.0.3 frag=3");
        assertThat(in(later.replace("id=7", "id=8"))).isEqualTo("pass udp 203.0.113.9 > 192.0.2.10 frag=3");
    }

    @Test
    void aBackendThatFlapsKeepsItsConnectionsAndLeavesNothing() throws Exception {
        establish();
        for (int i = 0; i < 20; i++) {
            outside.service(WEB, Protocol.TCP, Reach.OUTSIDE);
            assertThat(in(ACK)).isEqualTo(SERVED);
            assertThat(in(SYN.replace("4000", "4001"))).startsWith("pass DROP_NO_BACKEND");
            outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, BACKEND);
            assertThat(in(ACK)).isEqualTo(SERVED);
        }
        assertThat(outside.connections.count()).isEqualTo(2);
        assertThat(outside.object
                        .map("svc_slot", ServiceSlotKey.class, ServiceSlot.class)
                        .count())
                .isEqualTo(2);
        assertThat(in(SYN.replace("4000", "4001"))).startsWith("pass FORWARDED");
    }

    /** Those that still answer are told from those that do not by whoever writes the rows. */
    @Test
    void whereAllAreTerminatingConnectionsGoOnAndNoneBegins() throws Exception {
        establish();
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, BACKEND + " TERMINATING");
        assertThat(in(ACK)).isEqualTo(SERVED);
        assertThat(in(SYN.replace("4000", "4001"))).startsWith("pass DROP_NO_BACKEND");
    }

    @Test
    void aServiceThatMovesToAnotherPortKeepsTheConnectionsOfTheOldOne() throws Exception {
        establish();
        outside.service("192.0.2.10:81", Protocol.TCP, Reach.OUTSIDE, BACKEND);
        outside.remove(WEB, Protocol.TCP);
        assertThat(in(ACK)).isEqualTo(SERVED);
        assertThat(in(SYN.replace("4000", "4001"))).isEqualTo("pass tcp 203.0.113.9:4001 > 192.0.2.10:80");
        assertThat(in(SYN.replace("4000", "4001").replace(":80 ", ":81 "))).startsWith("pass FORWARDED");
    }

    private String in(String packet) throws Exception {
        return outside.outcome(outside.in(packet));
    }

    private String out(String packet) throws Exception {
        return outside.outcome(outside.out(packet));
    }
}
