package dev.tombolo.bgp.bfd.protocol;

import dev.tombolo.bgp.bfd.protocol.BfdPacket.Flag;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The variables of a session (RFC 5880, 6.8.1) and what follows from them. {@link SessionMachine} makes one from
 * another.
 *
 * @param inUse the intervals that we hold to, which lag behind what we tell while a poll is running
 */
public record BfdSession(
        int discriminator,
        SessionSettings settings,
        SessionState state,
        Diagnostic diagnostic,
        Neighbor neighbor,
        Poll poll,
        Intervals inUse,
        Pace pace) {

    /** When {@link SessionEvent.TimePassed} is due; empty while there is nothing to wait for. */
    public Optional<Moment> deadline() {
        var transmission = nextTransmission();
        var detection = detectionDeadline();
        if (transmission.isEmpty() || detection.isEmpty()) {
            return transmission.or(() -> detection);
        }
        return transmission.get().isAfter(detection.get()) ? detection : transmission;
    }

    Optional<Moment> nextTransmission() {
        return transmitsPeriodically()
                ? Optional.of(pace.nextTransmission(transmitInterval(), settings.multiplier()))
                : Optional.empty();
    }

    Optional<Moment> detectionDeadline() {
        return pace.heard().map(heard -> heard.plus(detectionTime()));
    }

    /** As both have agreed to, without jitter. */
    public Duration transmitInterval() {
        return Intervals.longer(inUse.transmit(), neighbor.receive());
    }

    /** Silence for that long is a failure (RFC 5880, 6.8.4). */
    public Duration detectionTime() {
        return Intervals.longer(inUse.receive(), neighbor.transmit()).multipliedBy(neighbor.multiplier());
    }

    /** How long nothing has been heard. */
    public Optional<Duration> silence(Moment now) {
        return pace.heard().map(now::since);
    }

    boolean mayTransmit() {
        return settings.role() == SessionSettings.Role.ACTIVE || !neighbor.isUnheard();
    }

    /** RFC 5880, 6.8.7: not to who wants none, and in demand mode only to poll. */
    private boolean transmitsPeriodically() {
        boolean demanded = neighbor.mode() == Neighbor.Mode.ASYNCHRONOUS
                || state != SessionState.UP
                || neighbor.state() != SessionState.UP
                || poll != Poll.NONE;
        return mayTransmit() && demanded && !neighbor.receive().isZero();
    }

    BfdPacket packet() {
        return packet(poll == Poll.NONE ? Set.of() : EnumSet.of(Flag.POLL));
    }

    /** The Poll and Final bits never go together. */
    BfdPacket answerToPoll() {
        return packet(EnumSet.of(Flag.FINAL));
    }

    private BfdPacket packet(Set<Flag> flags) {
        var told = advertised();
        return new BfdPacket(
                state,
                diagnostic,
                flags,
                settings.multiplier(),
                discriminator,
                neighbor.discriminator(),
                told.transmit(),
                told.receive(),
                Duration.ZERO);
    }

    Intervals advertised() {
        return Intervals.advertised(settings, state);
    }

    /** The same session in another state; what was agreed upon for Up counts only there. */
    BfdSession in(SessionState next, Diagnostic why) {
        var told = Intervals.advertised(settings, next);
        boolean asks = next == SessionState.UP && !told.equals(advertised());
        return new BfdSession(
                discriminator, settings, next, why, neighbor, asks ? Poll.RUNNING : Poll.NONE, told, pace);
    }

    BfdSession with(SessionSettings next) {
        var told = Intervals.advertised(next, state);
        boolean asks = state == SessionState.UP && !told.equals(advertised());
        return new BfdSession(
                discriminator,
                next,
                state,
                diagnostic,
                neighbor,
                asks ? poll.next() : poll,
                asks ? inUse.until(told) : inUseAfter(told),
                pace);
    }

    private Intervals inUseAfter(Intervals told) {
        return state == SessionState.UP ? inUse : told;
    }

    BfdSession with(Pace next) {
        return new BfdSession(discriminator, settings, state, diagnostic, neighbor, poll, inUse, next);
    }

    BfdSession with(Neighbor next) {
        return new BfdSession(discriminator, settings, state, diagnostic, next, poll, inUse, pace);
    }

    /** With the Final bit received. */
    BfdSession confirmed() {
        var next = poll.answered();
        return new BfdSession(
                discriminator,
                settings,
                state,
                diagnostic,
                neighbor,
                next,
                next == Poll.NONE ? advertised() : inUse,
                pace);
    }
}
