package dev.tombolo.agent.egress.address;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.net.IpAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemindersTest {
    private static final IpAddress ONE = IpAddress.parse("192.0.2.1");
    private static final IpAddress TWO = IpAddress.parse("192.0.2.2");

    private final Reminders reminders = new Reminders();

    private Set<IpAddress> due(Set<IpAddress> held, boolean allSpeak, Duration now) {
        return new HashSet<>(reminders.due(held, allSpeak, now.toNanos()));
    }

    private static Duration at(double seconds) {
        return Duration.ofMillis((long) (seconds * 1_000));
    }

    /** It was announced when it was put on its device; a node that was cut off then may come back at any time. */
    @Test
    void whatIsNewIsAnnouncedOftenAndThenSeldomWhenAllHaveHeardOfIt() {
        assertThat(due(Set.of(ONE), true, at(0))).isEmpty();
        assertThat(due(Set.of(ONE), true, at(0.3))).isEmpty();
        assertThat(due(Set.of(ONE), true, at(0.5))).containsExactly(ONE);
        assertThat(due(Set.of(ONE), true, at(0.7))).isEmpty();
        assertThat(due(Set.of(ONE), true, at(9))).containsExactly(ONE);
        assertThat(due(Set.of(ONE), true, at(11))).isEmpty();
        assertThat(due(Set.of(ONE), true, at(40))).containsExactly(ONE);
    }

    @Test
    void whileSomebodyDoesNotSpeakItIsAnnouncedOften() {
        due(Set.of(ONE), true, at(0));
        due(Set.of(ONE), true, at(9));
        assertThat(due(Set.of(ONE), false, at(20))).containsExactly(ONE);
        assertThat(due(Set.of(ONE), false, at(20.5))).containsExactly(ONE);
    }

    @Test
    void whatIsLostIsForgottenAndNewWhenItIsBack() {
        due(Set.of(ONE, TWO), true, at(0));
        assertThat(due(Set.of(TWO), true, at(20))).isEmpty();
        assertThat(due(Set.of(ONE, TWO), true, at(21))).isEmpty();
        assertThat(due(Set.of(ONE, TWO), true, at(22))).containsExactly(ONE);
    }

    @Test
    void ofVeryManyEachHasItsTurn() {
        var held = new HashSet<IpAddress>();
        IntStream.range(0, 100).forEach(i -> held.add(ONE.plus(i)));
        due(held, false, at(0));
        var first = due(held, false, at(1));
        assertThat(first).hasSize(Reminders.MOST_AT_ONCE);
        var second = due(held, false, at(1.2));
        assertThat(second).hasSize(100 - Reminders.MOST_AT_ONCE).doesNotContainAnyElementsOf(first);
    }
}
