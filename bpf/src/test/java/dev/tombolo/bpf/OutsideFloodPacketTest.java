package dev.tombolo.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bpf.egress.NatTimeouts;
import dev.tombolo.bpf.outside.ServiceRoom;
import dev.tombolo.bpf.service.Reach;
import dev.tombolo.model.net.Protocol;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who begins connections while a flood does. 10.1.2.0/24 is on a neighbour. As {@link OutsideFaultsPacketTest}. */
class OutsideFloodPacketTest {
    private static final int FLOOD = 1_000_000;
    private static final int ROOM = 262_144;
    private static final String WEB = "192.0.2.10:80";
    private static final String SYN = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=2";
    private static final String SYN_ACK = "tcp 10.1.0.2:8080 > 203.0.113.9:4000 flags=18";
    private static final String ACK = "tcp 203.0.113.9:4000 > 192.0.2.10:80 flags=16";
    private static final int SOURCE = Frame.L3 + 12;
    private static final int SOURCE_PORT = Frame.L3 + 20;

    @AutoClose
    private OutsideObject outside;

    @BeforeEach
    void load() throws Exception {
        outside = new OutsideObject(ROOM);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, "10.1.0.2:8080");
        outside.service("192.0.2.10:53", Protocol.UDP, Reach.OUTSIDE, "10.1.0.3:5353");
        outside.service("2001:db8:2::10#80", Protocol.TCP, Reach.OUTSIDE, "2001:db8:1::2#8080");
        outside.direct("192.0.2.11:80", Protocol.TCP, "10.1.2.2:8080");
        outside.place("10.1.2.2", "172.30.1.12", 1);
    }

    @Test
    void aFloodLeavesHalfOfTheRoomToWhoIsKnown() throws Exception {
        establish();
        collect(0);
        assertThat(room()).isEqualTo(new ServiceRoom(0, ROOM / 2 - 1));
        assertThat(flood()).isEqualTo(Map.of(-1, ROOM / 4, 2, FLOOD - ROOM / 4));
        assertThat(outside.connections.count()).isEqualTo(2 + ROOM / 2);
        assertThat(in(ACK)).as("an established connection").startsWith("pass FORWARDED");
        assertThat(outside.outcome(outside.out(SYN_ACK))).as("its answers").startsWith("pass FORWARDED");
        assertThat(in(SYN.replace("4000", "4001"))).as("a known client").startsWith("pass FORWARDED");
        assertThat(in(SYN.replace(".9:", ".8:"))).as("another one").isEqualTo("drop DROP_ROOM_KEPT");
        collect(NatTimeouts.DEFAULT.handshake().toNanos() + 1);
        assertThat(room()).isEqualTo(new ServiceRoom(0, ROOM / 2 - 1));
        assertThat(in(SYN.replace(".9:", ".8:"))).as("when it is over").startsWith("pass FORWARDED");
    }

    /** How often each verdict was. */
    private Map<Integer, Integer> flood() throws Exception {
        var verdicts = new HashMap<Integer, Integer>();
        var random = new Random(1);
        byte[] frame = Frame.of(SYN);
        for (int i = 0; i < FLOOD; i++) {
            ByteBuffer.wrap(frame).putInt(SOURCE, random.nextInt()).putShort(SOURCE_PORT, (short) random.nextInt());
            verdicts.merge(outside.object.testRun("lb_in", frame), 1, Integer::sum);
        }
        return verdicts;
    }

    /** In order: each packet, with what the count of unanswered entries is after it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "TCP,            SYN 2; SYN_ACK 2; ACK 0; ACK 0",
        "a reset answer, SYN 2; SYN_ACK 2; RST 2",
        "closed,         SYN 2; ACK 0; FIN 0; SYN 2",
        "a twin,         SYN 2; SYN 2; ACK 0; SYN 0",
        "UDP,            QUESTION 2; ANSWER 2; QUESTION 0; QUESTION 0",
        "IPv6,           SYN6 2; ACK6 0",
        "handed on,      DIRECT 1; DIRECT_ACK 0"
    })
    void theCountIsOfWhoHasNotGoneOn(String name, String steps) throws Exception {
        for (String step : steps.split("; ")) {
            run(step.split(" ")[0]);
            assertThat(room().unanswered()).as(step).isEqualTo(Long.parseLong(step.split(" ")[1]));
        }
    }

    private void run(String packet) throws Exception {
        switch (packet) {
            case "SYN" -> in(SYN);
            case "ACK" -> in(ACK);
            case "FIN" -> in(ACK.replace("flags=16", "flags=17"));
            case "RST" -> in(ACK.replace("flags=16", "flags=4"));
            case "SYN_ACK" -> outside.out(SYN_ACK);
            case "QUESTION" -> in("udp 203.0.113.9:4000 > 192.0.2.10:53");
            case "ANSWER" -> outside.out("udp 10.1.0.3:5353 > 203.0.113.9:4000");
            case "SYN6" -> in("tcp 2001:db8::9#4000 > 2001:db8:2::10#80 flags=2");
            case "ACK6" -> in("tcp 2001:db8::9#4000 > 2001:db8:2::10#80 flags=16");
            case "DIRECT" -> in("tcp 203.0.113.9:4000 > 192.0.2.11:80 flags=2");
            case "DIRECT_ACK" -> in("tcp 203.0.113.9:4000 > 192.0.2.11:80 flags=16");
            default -> throw new IllegalArgumentException(packet);
        }
    }

    /** Its client opens it anew when the backend is gone: one is forgotten, one begins, or none. */
    @Test
    void aConnectionThatIsForgottenIsNotCounted() throws Exception {
        in(SYN);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE, "10.1.0.4:8080");
        in(SYN);
        assertThat(room().unanswered()).isEqualTo(2);
        outside.service(WEB, Protocol.TCP, Reach.OUTSIDE);
        in(SYN);
        assertThat(room().unanswered()).isZero();
        assertThat(outside.connections.count()).isZero();
    }

    /** Handed on and come back: it takes two entries from then on. */
    @Test
    void aConnectionThatComesBackIsCountedAsWhatItBecomes() throws Exception {
        run("DIRECT");
        in("tcp 203.0.113.9:4000 > 192.0.2.11:80 flags=2 ttl=62");
        assertThat(room().unanswered()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "has gone on,           SYN ACK,            pass FORWARDED",
        "was handed on,         DIRECT DIRECT_ACK,  pass FORWARDED",
        "has asked twice,       QUESTION QUESTION,  pass FORWARDED",
        "has only begun,        SYN,                drop DROP_ROOM_KEPT",
        "was only answered,     SYN SYN_ACK,        drop DROP_ROOM_KEPT",
        "has asked once,        QUESTION ANSWER,    drop DROP_ROOM_KEPT",
        "has reset the answer,  SYN SYN_ACK RST,    drop DROP_ROOM_KEPT"
    })
    void atTheLimitAClientBeginsThat(String name, String packets, String outcome) throws Exception {
        for (String packet : packets.split(" ")) {
            run(packet);
        }
        atTheLimit();
        assertThat(in(SYN.replace("4000", "4001"))).startsWith(outcome);
    }

    @Test
    void atTheLimitIpv6ClientsAreKnownToo() throws Exception {
        run("SYN6");
        run("ACK6");
        atTheLimit();
        assertThat(in("tcp 2001:db8::9#4001 > 2001:db8:2::10#80 flags=2")).startsWith("pass FORWARDED");
        assertThat(in("tcp 2001:db8::8#4001 > 2001:db8:2::10#80 flags=2")).isEqualTo("drop DROP_ROOM_KEPT");
    }

    private void atTheLimit() throws Exception {
        outside.room.put(ArrayIndex.ONLY, new ServiceRoom(8, 8));
    }

    private void establish() throws Exception {
        run("SYN");
        run("SYN_ACK");
        run("ACK");
    }

    /** What an agent does that long from now. */
    private void collect(long nanos) throws Exception {
        var collector = outside.collector(() -> System.nanoTime() + nanos);
        do {
            collector.collect();
        } while (collector.isBehind());
    }

    private ServiceRoom room() throws Exception {
        return outside.room.lookup(ArrayIndex.ONLY).orElseThrow();
    }

    private String in(String packet) throws Exception {
        return outside.outcome(outside.in(packet));
    }
}
