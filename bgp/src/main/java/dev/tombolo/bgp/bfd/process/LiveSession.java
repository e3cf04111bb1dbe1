package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.SessionReport.Agreed;
import dev.tombolo.bgp.bfd.SessionReport.Standing;
import dev.tombolo.bgp.bfd.protocol.BfdSession;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.Moment;
import dev.tombolo.bgp.bfd.protocol.Neighbor;
import dev.tombolo.bgp.bfd.protocol.SessionAction;
import dev.tombolo.bgp.bfd.protocol.SessionEvent;
import dev.tombolo.bgp.bfd.protocol.SessionMachine;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import dev.tombolo.bgp.bfd.protocol.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A session with its socket and its counts. Confined to the thread of the {@link SessionLoop}. */
final class LiveSession implements AutoCloseable {
    private final BfdPath path;
    private final Sender sender;
    private BfdSession session;
    private Standing standing;
    private Instant since;
    private Optional<Duration> silence = Optional.empty();
    private Optional<Moment> leavesAt = Optional.empty();
    private long sent;
    private long unsent;
    private long received;
    private long changes;

    LiveSession(BfdPath path, Sender sender, Standing standing, Transition start, Instant since) {
        this.path = path;
        this.sender = sender;
        this.standing = standing;
        this.since = since;
        this.session = start.session();
        start.actions().forEach(this::perform);
    }

    BfdPath path() {
        return path;
    }

    BfdSession session() {
        return session;
    }

    Instant since() {
        return since;
    }

    int port() {
        return sender.port();
    }

    /** True where anything but the counts of packets and the time has changed. */
    boolean take(SessionEvent event, Moment now, double jitter) {
        long changesBefore = changes;
        var before = outline();
        var silentFor = session.silence(now);
        note(event);
        var transition = SessionMachine.next(session, event, now, jitter);
        session = transition.session();
        transition.actions().forEach(this::perform);
        if (changes != changesBefore) {
            since = Instant.now();
            silence = session.diagnostic() == Diagnostic.DETECTION_TIME_EXPIRED ? silentFor : Optional.empty();
        }
        return changes != changesBefore || !before.equals(outline());
    }

    private record Outline(Standing standing, SessionSettings settings, Neighbor neighbor, Agreed agreed) {}

    private Outline outline() {
        return new Outline(standing, session.settings(), session.neighbor(), agreed());
    }

    private Agreed agreed() {
        return new Agreed(session.transmitInterval(), session.detectionTime());
    }

    private void note(SessionEvent event) {
        if (event instanceof SessionEvent.Received) {
            received++;
            standing = Standing.HEARD;
        }
    }

    private void perform(SessionAction action) {
        switch (action) {
            case SessionAction.Transmit(var packet) -> {
                if (sender.send(packet)) {
                    sent++;
                } else {
                    unsent++;
                }
            }
            case SessionAction.Changed _ -> {
                changes++;
                standing = Standing.HEARD;
            }
        }
    }

    /** Nobody wants it any more: the neighbour is told so for a detection time (RFC 5880, 6.8.16). */
    void leave(Moment now, double jitter) {
        take(new SessionEvent.Disabled(), now, jitter);
        var told = session.transmitInterval().multipliedBy(session.settings().multiplier());
        leavesAt = Optional.of(now.plus(told));
    }

    void stay(Moment now, double jitter) {
        if (leavesAt.isPresent()) {
            leavesAt = Optional.empty();
            take(new SessionEvent.Enabled(), now, jitter);
        }
    }

    boolean isLeaving() {
        return leavesAt.isPresent();
    }

    boolean hasLeft(Moment now) {
        return leavesAt.isPresent() && !leavesAt.get().isAfter(now);
    }

    Optional<Moment> deadline() {
        var own = session.deadline();
        if (leavesAt.isPresent() && (own.isEmpty() || own.get().isAfter(leavesAt.get()))) {
            return leavesAt;
        }
        return own;
    }

    SessionReport report() {
        var neighbor = session.neighbor();
        return new SessionReport(
                path,
                session.state(),
                session.diagnostic(),
                standing,
                since,
                silence,
                new SessionReport.Remote(
                        neighbor.discriminator(),
                        neighbor.state(),
                        neighbor.diagnostic(),
                        neighbor.transmit(),
                        neighbor.receive()),
                agreed(),
                new SessionReport.Counts(sent, received, unsent, changes));
    }

    boolean isUp() {
        return session.state() == SessionState.UP;
    }

    @Override
    public void close() {
        sender.close();
    }
}
