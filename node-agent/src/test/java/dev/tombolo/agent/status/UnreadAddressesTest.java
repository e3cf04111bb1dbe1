package dev.tombolo.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.kvstore.follow.SourceState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UnreadAddressesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final SourceState CONNECTING = new SourceState.Connecting("permission denied");

    @Test
    void aMeshServerThatWasNotReadForMoreThanAMinuteIsNamedWithTheCauseAndTheFix() {
        assertThat(UnreadAddresses.problem(CONNECTING, START, START.plusSeconds(60)))
                .isEmpty();
        assertThat(UnreadAddresses.problem(CONNECTING, START, START.plusSeconds(61)))
                .hasValueSatisfying(problem -> {
                    assertThat(problem.what()).isEqualTo("own addresses");
                    assertThat(problem.message())
                            .contains("not read since the agent started, " + START, "permission denied");
                    assertThat(problem.fix()).contains("clustermesh-apiserver");
                });
    }

    @Test
    void oneThatIsStaleForMoreThanAMinuteIsNamedAndOneThatIsReadIsNot() {
        var stale = new SourceState.Stale(START.plusSeconds(100), "no heartbeat");
        assertThat(UnreadAddresses.problem(stale, START, START.plusSeconds(160)))
                .isEmpty();
        assertThat(UnreadAddresses.problem(stale, START, START.plusSeconds(161)))
                .hasValueSatisfying(
                        problem -> assertThat(problem.message()).contains("not read since " + START.plusSeconds(100)));
        assertThat(UnreadAddresses.problem(new SourceState.Fresh(), START, START.plusSeconds(1_000)))
                .isEmpty();
    }
}
