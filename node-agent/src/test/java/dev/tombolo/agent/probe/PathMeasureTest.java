package dev.tombolo.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.IpAddress;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathMeasureTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # answers of each round (- is none) | mtu  | answers
                    1420                                | 1420 | true
                    1216                                | 1216 | true
                    1420 1216                           | 1420 | true
                    1420 1216 1216                      | 1216 | true
                    1216 1420                           | 1420 | true
                    1420 -                              | 1420 | true
                    1420 - -                            | 1420 | false
                    1420 - - 1216                       | 1216 | true
                    -                                   | 1420 | false
                    """)
    void believesGoodNewsAtOnceAndBadNewsTheSecondTime(String rounds, int mtu, boolean answers) {
        var measure = PathMeasure.unknown(1_420);
        for (String answer : rounds.split(" ")) {
            measure =
                    measure.after(answer.equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(answer)));
        }
        assertThat(measure.mtu()).isEqualTo(mtu);
        assertThat(measure.answers()).isEqualTo(answers);
    }

    @Test
    void triesTheDevicesOwnSizeFirstAndNothingBelowTheSmallest() {
        var sizes = ProbeSizes.upTo(1_420);
        assertThat(sizes)
                .startsWith(1_420, 1_408, 1_376)
                .contains(1_216)
                .endsWith(576)
                .doesNotHaveDuplicates();
        assertThat(sizes).isSortedAccordingTo((a, b) -> b - a);
    }

    /** WireGuard's 60 or 80 bytes, and what it pads to 16; at its device's MTU it does not pad. */
    @ParameterizedTest
    @CsvSource({
        "1500, true, 1420",
        "1480, true, 1420",
        "1479, true, 1408",
        "1280, true, 1216",
        "1500, false, 1420",
        "1400, false, 1312"
    })
    void whatLeavesAsOnePacketIsSmallerThanWhatIsBelow(int below, boolean v4, int expected) {
        UnderlayRoom room = _ -> OptionalInt.of(below);
        var end = IpAddress.parse(v4 ? "192.0.2.1" : "2001:db8::1");
        assertThat(room.limit(OptionalInt.of(1_420), end, 1_420)).hasValue(expected);
        assertThat(room.limit(OptionalInt.of(1_000), end, 1_420)).hasValue(1_000);
        assertThat(room.limit(OptionalInt.empty(), end, 1_420)).isEmpty();
        assertThat(UnderlayRoom.UNKNOWN.limit(OptionalInt.of(1_420), end, 1_420))
                .hasValue(1_420);
    }

    @Test
    void aProbeIsAsLargeAsItSays() {
        var packet = new ProbePacket(false, 7, 1_216);
        assertThat(packet.bytes().remaining()).isEqualTo(1_216 - 20 - 8);
        assertThat(ProbePacket.read(packet.bytes())).contains(packet);
        assertThat(ProbePacket.read(java.nio.ByteBuffer.wrap(new byte[16]))).isEmpty();
        assertThat(Arrays.asList(new ProbePacket(true, 7, 1_216).bytes().remaining()))
                .containsExactly(16);
    }
}
