package dev.tombolo.agent.egress.legs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LegWatchTest {
    @Test
    void looksOftenAndRestsAfterMuchWorkButNeverForLong() {
        assertThat(LegWatch.pause(Duration.ofMillis(5))).isEqualTo(Duration.ofSeconds(2));
        assertThat(LegWatch.pause(Duration.ofMillis(300))).isEqualTo(Duration.ofSeconds(6));
        assertThat(LegWatch.pause(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(10));
    }
}
