package dev.tombolo.model.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NarrowWaysTest {
    @Test
    void isReadAsItIsWritten() {
        var ways = new NarrowWays(Map.of("node3", 1_376, "node2.example", 1_216));
        assertThat(ways).hasToString("node2.example=1216 node3=1376");
        assertThat(NarrowWays.parse(ways.toString())).isEqualTo(ways);
        assertThat(NarrowWays.NONE).hasToString("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "node2", "node2=", "node2=0", "node2=575", "node2=-1", "node2=123456", "=1216"})
    void whatIsNotWrittenSoIsNothing(String annotation) {
        assertThat(NarrowWays.parse(annotation)).isEqualTo(NarrowWays.NONE);
        assertThat(NarrowWays.parse(annotation + " node3=1376").sizes()).isEqualTo(Map.of("node3", 1_376));
    }
}
