package dev.tombolo.bgp.bfd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.bfd.protocol.BfdPacket.Flag;
import dev.tombolo.bgp.bfd.protocol.BfdPacket.Reading;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes as RFC 5880, 4.1 draws them. */
class BfdPacketTest {
    private static final BfdPacket UP = new BfdPacket(
            SessionState.UP,
            Diagnostic.NEIGHBOR_SIGNALED_DOWN,
            Set.of(Flag.POLL, Flag.CONTROL_PLANE_INDEPENDENT),
            3,
            0xA0B0C0D0,
            7,
            Duration.ofMillis(300),
            Duration.ofMillis(50),
            Duration.ZERO);
    private static final String UP_BYTES = "23e80318a0b0c0d000000007000493e00000c35000000000";

    @Test
    void hasTheBytesOfTheRfc() {
        var bytes = ByteBuffer.allocate(BfdPacket.LENGTH);
        UP.write(bytes);
        assertThat(HexFormat.of().formatHex(bytes.array())).isEqualTo(UP_BYTES);
        assertThat(read(UP_BYTES)).isEqualTo(new Reading.Read(UP));
    }

    @ParameterizedTest
    @CsvSource({
        "23e80318a0b0c0d000000007000493e00000c350000000,     TOO_SHORT",
        "'',                                                 TOO_SHORT",
        "03e80318a0b0c0d000000007000493e00000c35000000000,   WRONG_VERSION",
        "43e80318a0b0c0d000000007000493e00000c35000000000,   WRONG_VERSION",
        "23e80317a0b0c0d000000007000493e00000c35000000000,   WRONG_LENGTH",
        "23e80319a0b0c0d000000007000493e00000c35000000000,   WRONG_LENGTH",
        "23e80018a0b0c0d000000007000493e00000c35000000000,   NO_MULTIPLIER",
        "23e90318a0b0c0d000000007000493e00000c35000000000,   MULTIPOINT",
        "23e803180000000000000007000493e00000c35000000000,   NO_DISCRIMINATOR",
        "23c80318a0b0c0d000000000000493e00000c35000000000,   NOT_DOWN",
        "23880318a0b0c0d000000000000493e00000c35000000000,   NOT_DOWN",
        "23ec0318a0b0c0d000000007000493e00000c35000000000,   AUTHENTICATED",
        "23ec031aa0b0c0d000000007000493e00000c350000000000102, AUTHENTICATED"
    })
    void whatTheRfcHasDiscardedIsRefusedByItsReason(String bytes, Drop reason) {
        assertThat(read(bytes)).isEqualTo(new Reading.Refused(reason));
    }

    @ParameterizedTest
    @CsvSource({"20400318", "20000318"})
    void whoIsDownNeedNotKnowOurDiscriminator(String head) {
        assertThat(read(head + "a0b0c0d000000000000f42400000c35000000000")).isInstanceOf(Reading.Read.class);
    }

    @Test
    void aPayloadMayBeLongerThanThePacketInIt() {
        assertThat(read(UP_BYTES + "ffff")).isEqualTo(new Reading.Read(UP));
    }

    @Test
    void aDiagnosticOfTheFutureIsTakenAndNotRepeated() {
        var read = (Reading.Read) read("3f" + UP_BYTES.substring(2));
        assertThat(read.packet().diagnostic()).isEqualTo(Diagnostic.UNKNOWN);
        var bytes = ByteBuffer.allocate(BfdPacket.LENGTH);
        read.packet().write(bytes);
        assertThat(bytes.get(0)).isEqualTo((byte) 0x20);
    }

    @Property(tries = 2_000)
    void whatIsWrittenIsRead(@ForAll("packets") BfdPacket packet) {
        var bytes = ByteBuffer.allocate(BfdPacket.LENGTH);
        packet.write(bytes);
        assertThat(BfdPacket.read(bytes.flip())).isEqualTo(new Reading.Read(packet));
    }

    @Property(tries = 20_000)
    void anyBytesAreReadOrRefused(@ForAll("noise") byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        assertThat(BfdPacket.read(buffer)).isNotNull();
        assertThat(buffer.position()).isZero();
    }

    /** Noise alone would hardly get past the version. */
    @Provide
    Arbitrary<byte[]> noise() {
        var any = Arbitraries.bytes().array(byte[].class).ofMaxSize(64);
        var almost = Combinators.combine(packets(), Arbitraries.integers().between(0, 23), Arbitraries.bytes())
                .as((packet, at, value) -> {
                    var bytes = ByteBuffer.allocate(BfdPacket.LENGTH);
                    packet.write(bytes);
                    return bytes.put(at, value).array();
                });
        return Arbitraries.oneOf(any, almost);
    }

    @Provide
    Arbitrary<BfdPacket> packets() {
        var interval =
                Arbitraries.longs().between(0, 0xFFFFFFFFL).map(micros -> Duration.of(micros, ChronoUnit.MICROS));
        var discriminator = Arbitraries.integers().filter(number -> number != 0);
        return Combinators.combine(
                        Arbitraries.of(SessionState.class),
                        Arbitraries.of(Diagnostic.class).filter(code -> code != Diagnostic.UNKNOWN),
                        Arbitraries.of(Flag.class).set(),
                        Arbitraries.integers().between(1, 255),
                        discriminator,
                        discriminator,
                        interval,
                        interval)
                .as((state, diagnostic, flags, multiplier, mine, yours, transmit, receive) -> new BfdPacket(
                        state, diagnostic, flags, multiplier, mine, yours, transmit, receive, Duration.ZERO));
    }

    private static Reading read(String hex) {
        return BfdPacket.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}
