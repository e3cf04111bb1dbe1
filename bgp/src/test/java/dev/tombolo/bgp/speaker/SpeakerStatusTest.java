package dev.tombolo.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpeakerStatusTest {
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

    @Test
    void aWayThatIsOpenIsNoProblem() {
        assertThat(status(ChannelState.READY, Duration.ofHours(1), Optional.empty())
                        .problem(NOW))
                .isEmpty();
    }

    @Test
    void aFileThatExabgpCannotReadIsOneAtOnce() {
        assertThat(status(ChannelState.READY, Duration.ZERO, Optional.of("can't read"))
                        .problem(NOW))
                .contains("can't read");
    }

    @Test
    void whoDoesNotAnswerIsOneAtOnceAndWhoIsNotThereAfterAWhile() {
        String problem = "ExaBGP cannot be told anything, it keeps what it has: why";
        assertThat(status(ChannelState.STALLED, Duration.ZERO, Optional.empty()).problem(NOW))
                .contains(problem);
        assertThat(status(ChannelState.ABSENT, Duration.ofSeconds(9), Optional.empty())
                        .problem(NOW))
                .isEmpty();
        assertThat(status(ChannelState.ABSENT, Duration.ofSeconds(11), Optional.empty())
                        .problem(NOW))
                .contains(problem);
    }

    private static SpeakerStatus status(ChannelState channel, Duration ago, Optional<String> problem) {
        var counters = new SpeakerStatus.Counters(0, 0, 0, 0, 0, 0, Duration.ZERO);
        return new SpeakerStatus(channel, NOW.minus(ago), "why", Optional.empty(), problem, Map.of(), counters);
    }
}
