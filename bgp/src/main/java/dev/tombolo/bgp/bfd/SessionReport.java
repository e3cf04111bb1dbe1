package dev.tombolo.bgp.bfd;

import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the BFD process says of a session.
 *
 * @param diagnostic why it left Up last
 * @param since when it came into this state
 * @param silence how long the neighbour had not been heard when it was given up; empty where that is not why it left Up
 */
public record SessionReport(
        BfdPath path,
        SessionState state,
        Diagnostic diagnostic,
        Standing standing,
        Instant since,
        Optional<Duration> silence,
        Remote remote,
        Agreed agreed,
        Counts counts) {

    /** What the state rests on. */
    public enum Standing {
        HEARD,
        /** The process has restarted and goes on as before; within a detection time it will know. */
        REMEMBERED
    }

    /** As the neighbour says of itself; the discriminator is 0 where it is not heard. */
    public record Remote(
            int discriminator, SessionState state, Diagnostic diagnostic, Duration transmit, Duration receive) {}

    /** What follows from both sides' wishes. */
    public record Agreed(Duration transmitInterval, Duration detectionTime) {}

    /** Since this process began. */
    public record Counts(long sent, long received, long unsent, long changes) {}

    public boolean isUp() {
        return state == SessionState.UP;
    }

    /**
     * No failure (RFC 5880, 6.8.16). FRR, which does not say so when it gives up a session, says that it is down because this
     * side had told it; where this side was up, it had not.
     */
    public boolean isEndedByNeighbour() {
        return remote.state() == SessionState.ADMIN_DOWN
                || diagnostic == Diagnostic.NEIGHBOR_SIGNALED_DOWN
                        && remote.diagnostic() == Diagnostic.NEIGHBOR_SIGNALED_DOWN;
    }
}
