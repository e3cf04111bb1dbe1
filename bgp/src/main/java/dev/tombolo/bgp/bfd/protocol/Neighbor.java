package dev.tombolo.bgp.bfd.protocol;

import java.time.Duration;

/**
 * What the last packet said of who sent it.
 *
 * @param discriminator 0 where nothing has been heard for a detection time
 */
public record Neighbor(
        int discriminator,
        SessionState state,
        Diagnostic diagnostic,
        Duration transmit,
        Duration receive,
        int multiplier,
        Mode mode) {
    /** RFC 5880, 6.8.1: an interval of one microsecond stops nobody from sending. */
    public static final Neighbor UNHEARD = new Neighbor(
            0, SessionState.DOWN, Diagnostic.NONE, Duration.ZERO, Duration.ofNanos(1_000), 0, Mode.ASYNCHRONOUS);

    /** Whether it wants packets all the time (RFC 5880, 3.2). */
    public enum Mode {
        ASYNCHRONOUS,
        DEMAND
    }

    static Neighbor of(BfdPacket packet) {
        return new Neighbor(
                packet.myDiscriminator(),
                packet.state(),
                packet.diagnostic(),
                packet.desiredTransmit(),
                packet.requiredReceive(),
                packet.multiplier(),
                packet.has(BfdPacket.Flag.DEMAND) ? Mode.DEMAND : Mode.ASYNCHRONOUS);
    }

    boolean isUnheard() {
        return discriminator == 0;
    }
}
