package dev.tombolo.bgp.bfd.protocol;

import dev.tombolo.bgp.bfd.protocol.BfdPacket.Flag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** A session, its clock and what it has sent. */
final class Bench {
    static final int NEIGHBOR = 0xBEEF;

    private static final int OWN = 0xCAFE;

    private final List<BfdPacket> sent = new ArrayList<>();
    private final double jitter;
    private BfdSession session;
    private Moment now = new Moment(Long.MAX_VALUE - 1_500_000_000); // it overflows in the middle of every test
    private int changes;

    private Bench(double jitter) {
        this.jitter = jitter;
    }

    static Bench of(SessionSettings settings) {
        return of(settings, 0);
    }

    static Bench of(SessionSettings settings, double jitter) {
        var bench = new Bench(jitter);
        bench.take(SessionMachine.start(OWN, settings, bench.now, jitter));
        return bench;
    }

    static Bench resumed(BfdSession session) {
        var bench = new Bench(0);
        bench.take(
                SessionMachine.resume(session.discriminator(), session.settings(), session.neighbor(), bench.now, 0));
        return bench;
    }

    private void take(Transition transition) {
        session = transition.session();
        for (var action : transition.actions()) {
            switch (action) {
                case SessionAction.Transmit(var packet) -> sent.add(packet);
                case SessionAction.Changed _ -> changes++;
            }
        }
    }

    void event(SessionEvent event) {
        take(SessionMachine.next(session, event, now, jitter));
    }

    /** To that state by the shortest way. */
    void bring(SessionState state) {
        switch (state) {
            case DOWN -> hear(SessionState.UP);
            case INIT -> hear(SessionState.DOWN);
            case UP -> {
                hear(SessionState.DOWN);
                hear(SessionState.UP);
            }
            case ADMIN_DOWN -> event(new SessionEvent.Disabled());
        }
    }

    void bringAndConfirm() {
        bring(SessionState.UP);
        hear(packet(SessionState.UP).with(Flag.FINAL));
    }

    void hear(SessionState state) {
        hear(packet(state));
    }

    void hear(Heard heard) {
        event(new SessionEvent.Received(heard.packet()));
    }

    Heard packet(SessionState state) {
        return new Heard(new BfdPacket(
                state,
                Diagnostic.NONE,
                EnumSet.noneOf(Flag.class),
                3,
                NEIGHBOR,
                OWN,
                Duration.ofMillis(state == SessionState.UP ? 300 : 1_000),
                Duration.ofMillis(300),
                Duration.ZERO));
    }

    /** What the neighbour sends. */
    record Heard(BfdPacket packet) {
        Heard with(Flag flag) {
            var flags = EnumSet.of(flag);
            flags.addAll(packet.flags());
            return with(flags, packet.multiplier(), packet.desiredTransmit(), packet.requiredReceive());
        }

        Heard withIntervals(long transmit, long receive, int multiplier) {
            return with(
                    packet.flags().isEmpty() ? EnumSet.noneOf(Flag.class) : EnumSet.copyOf(packet.flags()),
                    multiplier,
                    Duration.ofMillis(transmit),
                    Duration.ofMillis(receive));
        }

        private Heard with(EnumSet<Flag> flags, int multiplier, Duration transmit, Duration receive) {
            return new Heard(new BfdPacket(
                    packet.state(),
                    packet.diagnostic(),
                    flags,
                    multiplier,
                    packet.myDiscriminator(),
                    packet.yourDiscriminator(),
                    transmit,
                    receive,
                    Duration.ZERO));
        }
    }

    /** Lets time pass and does what becomes due in it. */
    void wait(Duration duration) {
        var end = now.plus(duration);
        for (var due = due(end); due.isPresent(); due = due(end)) {
            now = due.get();
            event(new SessionEvent.TimePassed());
        }
        now = end;
    }

    private Optional<Moment> due(Moment end) {
        return session.deadline().filter(deadline -> !deadline.isAfter(end));
    }

    void keepHearingFor(Duration duration) {
        for (long passed = 0; passed < duration.toMillis(); passed += 100) {
            wait(Duration.ofMillis(100));
            hear(session.state());
        }
    }

    BfdSession session() {
        return session;
    }

    Moment now() {
        return now;
    }

    List<BfdPacket> sent() {
        return sent;
    }

    int changes() {
        return changes;
    }

    void clear() {
        sent.clear();
        changes = 0;
    }
}
