package dev.tombolo.bgp.bfd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.bgp.bfd.protocol.SessionSettings.Role;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** What holds for two machines that speak with each other, whatever their settings and luck. */
class SessionMachinePropertyTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @Property(tries = 300)
    void comeUpAndStayUpWhereNothingGetsLost(
            @ForAll("settings") SessionSettings one, @ForAll("active") SessionSettings other, @ForAll long seed) {
        var link = new LossyLink(one, other, new Random(seed));
        link.run(LONG);
        assertThat(link.isUp()).isTrue();
        assertThat(link.changes())
                .noneMatch(change -> change.to() == SessionState.DOWN)
                .hasSizeLessThanOrEqualTo(4);
        assertThat(link.end(0).poll()).isEqualTo(Poll.NONE);
        assertThat(link.end(0).transmitInterval()).isEqualTo(Intervals.longer(one.transmit(), other.receive()));
        assertThat(link.end(1).detectionTime())
                .isEqualTo(Intervals.longer(other.receive(), one.transmit()).multipliedBy(one.multiplier()));
    }

    @Property(tries = 300)
    void comeUpAgainWhenTheLossStops(
            @ForAll("settings") SessionSettings one,
            @ForAll("active") SessionSettings other,
            @ForAll @DoubleRange(min = 0.05, max = 1) double loss,
            @ForAll long seed) {
        var link = new LossyLink(one, other, new Random(seed));
        link.lose(loss);
        link.run(LONG);
        link.lose(0);
        link.run(LONG); // ten of the slowest packets may have to be missed before a neighbour is given up
        assertThat(link.isUp()).isTrue();
        link.changes().clear();
        link.run(LONG);
        assertThat(link.changes()).isEmpty();
    }

    @Property(tries = 300)
    void noChangeOfSettingsTakesAnUpSessionDown(
            @ForAll("settings") SessionSettings one,
            @ForAll("active") SessionSettings other,
            @ForAll("active") SessionSettings then,
            @ForAll long seed) {
        var link = new LossyLink(one, other, new Random(seed));
        link.run(LONG);
        link.changes().clear();
        link.event(1, new SessionEvent.Reconfigured(then));
        link.run(Duration.ofMillis(40));
        link.event(1, new SessionEvent.Reconfigured(other));
        link.event(0, new SessionEvent.Reconfigured(one));
        link.run(LONG);
        link.event(1, new SessionEvent.Reconfigured(then));
        link.run(LONG);
        assertThat(link.changes()).isEmpty();
        assertThat(link.end(1).poll()).isEqualTo(Poll.NONE);
        assertThat(link.end(1).transmitInterval()).isEqualTo(Intervals.longer(then.transmit(), one.receive()));
    }

    /** A multiplier of 1 and a delay that varies is a failure now and then, and rightly so. */
    @Provide
    Arbitrary<SessionSettings> settings() {
        return settings(Arbitraries.of(Role.class));
    }

    @Provide
    Arbitrary<SessionSettings> active() {
        return settings(Arbitraries.just(Role.ACTIVE));
    }

    private static Arbitrary<SessionSettings> settings(Arbitrary<Role> roles) {
        var interval = Arbitraries.of(20, 50, 100, 300, 1_000, 3_000).map(Duration::ofMillis);
        var multiplier = Arbitraries.integers().between(2, 10);
        return Combinators.combine(interval, interval, multiplier, roles).as(SessionSettings::new);
    }
}
