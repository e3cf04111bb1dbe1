package dev.tombolo.bgp.bfd.protocol;

import dev.tombolo.bgp.bfd.protocol.BfdPacket.Flag;
import dev.tombolo.bgp.bfd.protocol.SessionAction.Changed;
import dev.tombolo.bgp.bfd.protocol.SessionAction.Transmit;
import java.util.Optional;

/** The machine of RFC 5880, 6.2 and 6.8: a session and an event give the next session and what is to be done. */
public final class SessionMachine {
    private SessionMachine() {}

    /**
     * A new session, which speaks at once if it may.
     *
     * @param discriminator not 0, and no other session's
     * @param jitter here and below 0 (none) to 1 (as much as is allowed): of the gap that a transmission begins
     */
    public static Transition start(int discriminator, SessionSettings settings, Moment now, double jitter) {
        var state = SessionState.DOWN;
        var session = new BfdSession(
                discriminator,
                settings,
                state,
                Diagnostic.NONE,
                Neighbor.UNHEARD,
                Poll.NONE,
                Intervals.advertised(settings, state),
                new Pace(now, jitter, Optional.empty()));
        return transmit(Transition.to(session), now, jitter);
    }

    /**
     * A session that was Up when its process died, and that its neighbour still takes for Up: it goes on speaking, polls
     * so as to be answered at once, and has one detection time to hear from the neighbour.
     */
    public static Transition resume(
            int discriminator, SessionSettings settings, Neighbor neighbor, Moment now, double jitter) {
        var session = new BfdSession(
                discriminator,
                settings,
                SessionState.UP,
                Diagnostic.NONE,
                neighbor,
                Poll.RUNNING,
                Intervals.advertised(settings, SessionState.UP),
                new Pace(now, jitter, Optional.of(now)));
        return transmit(Transition.to(session), now, jitter);
    }

    public static Transition next(BfdSession session, SessionEvent event, Moment now, double jitter) {
        return switch (event) {
            case SessionEvent.Received(var packet) -> received(session, packet, now, jitter);
            case SessionEvent.TimePassed() -> timePassed(session, now, jitter);
            case SessionEvent.Reconfigured(var settings) -> reconfigured(session, settings, now, jitter);
            case SessionEvent.Disabled() ->
                move(session, SessionState.ADMIN_DOWN, Diagnostic.ADMINISTRATIVELY_DOWN, now, jitter);
            case SessionEvent.Enabled() ->
                session.state() == SessionState.ADMIN_DOWN
                        ? move(session, SessionState.DOWN, Diagnostic.ADMINISTRATIVELY_DOWN, now, jitter)
                        : Transition.to(session);
        };
    }

    /** RFC 5880, 6.8.6, from the point where the session is known. */
    private static Transition received(BfdSession session, BfdPacket packet, Moment now, double jitter) {
        var told = session.with(Neighbor.of(packet));
        if (session.state() == SessionState.ADMIN_DOWN) {
            return Transition.to(told);
        }
        var confirmed = packet.has(Flag.FINAL) ? told.confirmed() : told;
        var heard = confirmed.with(confirmed.pace().heardAt(now));
        var moved = react(heard, packet.state(), now, jitter);
        return packet.has(Flag.POLL) ? moved.and(new Transmit(moved.session().answerToPoll())) : moved;
    }

    private static Transition react(BfdSession session, SessionState neighbor, Moment now, double jitter) {
        var next = reaction(session.state(), neighbor);
        return switch (next) {
            case UP -> move(session, next, Diagnostic.NONE, now, jitter);
            case DOWN -> move(session, next, Diagnostic.NEIGHBOR_SIGNALED_DOWN, now, jitter);
            case INIT, ADMIN_DOWN -> move(session, next, session.diagnostic(), now, jitter);
        };
    }

    /** The figure of RFC 5880, 6.2. */
    private static SessionState reaction(SessionState own, SessionState neighbor) {
        if (neighbor == SessionState.ADMIN_DOWN) {
            return SessionState.DOWN;
        }
        return switch (own) {
            case ADMIN_DOWN -> SessionState.ADMIN_DOWN;
            case DOWN ->
                switch (neighbor) {
                    case DOWN -> SessionState.INIT;
                    case INIT -> SessionState.UP;
                    default -> SessionState.DOWN;
                };
            case INIT -> neighbor == SessionState.DOWN ? SessionState.INIT : SessionState.UP;
            case UP -> neighbor == SessionState.DOWN ? SessionState.DOWN : SessionState.UP;
        };
    }

    private static Transition timePassed(BfdSession session, Moment now, double jitter) {
        if (isDue(session.detectionDeadline(), now)) {
            return expired(session, now, jitter);
        }
        return isDue(session.nextTransmission(), now)
                ? transmit(Transition.to(session), now, jitter)
                : Transition.to(session);
    }

    private static boolean isDue(Optional<Moment> deadline, Moment now) {
        return deadline.isPresent() && !deadline.get().isAfter(now);
    }

    private static Transition expired(BfdSession session, Moment now, double jitter) {
        var forgotten = session.with(Neighbor.UNHEARD).with(session.pace().unheard());
        return switch (session.state()) {
            case INIT, UP -> move(forgotten, SessionState.DOWN, Diagnostic.DETECTION_TIME_EXPIRED, now, jitter);
            case DOWN, ADMIN_DOWN -> Transition.to(forgotten);
        };
    }

    private static Transition reconfigured(BfdSession session, SessionSettings settings, Moment now, double jitter) {
        return settings.equals(session.settings())
                ? Transition.to(session)
                : transmit(Transition.to(session.with(settings)), now, jitter);
    }

    /** A neighbour learns of a change at once: its timers may already be those of the new state. */
    private static Transition move(BfdSession session, SessionState next, Diagnostic why, Moment now, double jitter) {
        if (session.state() == next) {
            return Transition.to(session);
        }
        var changed = new Changed(session.state(), next, why);
        return transmit(Transition.to(session.in(next, why)).and(changed), now, jitter);
    }

    private static Transition transmit(Transition transition, Moment now, double jitter) {
        var session = transition.session();
        if (!session.mayTransmit() || session.neighbor().receive().isZero()) {
            return transition;
        }
        return transition.at(session.with(session.pace().sentAt(now, jitter))).and(new Transmit(session.packet()));
    }
}
