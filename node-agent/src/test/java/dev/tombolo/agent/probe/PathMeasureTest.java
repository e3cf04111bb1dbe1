package dev.tombolo.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

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
