package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.DetectorCounts;
import dev.tombolo.bgp.bfd.SessionReport.Standing;
import dev.tombolo.bgp.bfd.protocol.BfdPacket;
import dev.tombolo.bgp.bfd.protocol.BfdPacket.Reading;
import dev.tombolo.bgp.bfd.protocol.Drop;
import dev.tombolo.bgp.bfd.protocol.Moment;
import dev.tombolo.bgp.bfd.protocol.SessionEvent;
import dev.tombolo.bgp.bfd.protocol.SessionMachine;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;

/** All sessions, on one thread: what arrives, what others ask for, and what is due. */
final class SessionLoop implements AutoCloseable {
    private static final long LONGEST_WAIT = Duration.ofSeconds(60).toNanos();

    private final Datagrams datagrams;
    private final RandomGenerator random;
    private final Memory memory;
    private final SessionListener listener;
    private final SessionIndex sessions = new SessionIndex(LibBfd::ifindex);
    private final Map<Drop, Long> drops = new EnumMap<>(Drop.class);
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private Duration worstLateness = Duration.ZERO;
    private volatile boolean closed;

    SessionLoop(Datagrams datagrams, Memory memory, SessionListener listener, RandomGenerator random) {
        this.datagrams = datagrams;
        this.memory = memory;
        this.listener = listener;
        this.random = random;
    }

    /** Goes on with the sessions of a process before; to be called before {@link #run}. */
    void resume(List<Remembered> remembered) {
        for (var session : remembered) {
            if (!sessions.isTaken(session.discriminator())) {
                resume(session);
            }
        }
    }

    private void resume(Remembered old) {
        var now = now();
        var start = old.neighbor()
                .map(neighbor ->
                        SessionMachine.resume(old.discriminator(), old.settings(), neighbor, now, random.nextDouble()))
                .orElseGet(() -> SessionMachine.start(old.discriminator(), old.settings(), now, random.nextDouble()));
        var standing = old.neighbor().isPresent() ? Standing.REMEMBERED : Standing.HEARD;
        var sender = new Sender(old.path(), old.port(), random);
        sessions.add(new LiveSession(old.path(), sender, standing, start, old.since()));
    }

    /** Until it is closed. Packets come before timers: after a stall they are proof that the neighbour lives. */
    void run() throws IOException {
        while (!closed) {
            datagrams.await(untilNextDeadline());
            datagrams.drainTo(this::arrived);
            for (var request = requests.poll(); request != null; request = requests.poll()) {
                request.run();
            }
            var now = now();
            sessions.copy().forEach(live -> timePassed(live, now));
        }
    }

    private long untilNextDeadline() {
        long now = System.nanoTime();
        long wait = LONGEST_WAIT;
        for (var live : sessions.all()) {
            var deadline = live.deadline();
            if (deadline.isPresent()) {
                wait = Math.min(wait, deadline.get().nanos() - now);
            }
        }
        return requests.isEmpty() ? wait : 0;
    }

    private void arrived(Arrival arrival) {
        switch (BfdPacket.read(arrival.payload())) {
            case Reading.Refused(var reason) -> drop(reason);
            case Reading.Read(var packet) -> arrived(arrival, packet);
        }
    }

    private void arrived(Arrival arrival, BfdPacket packet) {
        switch (sessions.find(arrival, packet)) {
            case SessionIndex.Found.Nobody(var reason) -> drop(reason);
            case SessionIndex.Found.Session(var live) -> tell(live, new SessionEvent.Received(packet), now());
        }
    }

    private void drop(Drop reason) {
        drops.merge(reason, 1L, Long::sum);
    }

    private void timePassed(LiveSession live, Moment now) {
        if (live.hasLeft(now)) {
            forget(live);
            return;
        }
        var deadline = live.deadline();
        if (deadline.isPresent() && !deadline.get().isAfter(now)) {
            var late = now.since(deadline.get());
            worstLateness = late.compareTo(worstLateness) > 0 ? late : worstLateness;
            tell(live, new SessionEvent.TimePassed(), now);
        }
    }

    private void forget(LiveSession live) {
        sessions.remove(live);
        live.close();
        listener.gone(live.path());
    }

    private void tell(LiveSession live, SessionEvent event, Moment now) {
        if (live.take(event, now, random.nextDouble())) {
            remember();
            listener.changed(live.report());
        }
    }

    /** On this loop's thread, soon. */
    void ask(Runnable request) {
        requests.add(request);
        datagrams.wake();
    }

    /** Makes the sessions those; only in a request. */
    void want(Map<BfdPath, SessionSettings> wanted) {
        var now = now();
        for (var live : sessions.copy()) {
            if (!wanted.containsKey(live.path()) && !live.isLeaving()) {
                live.leave(now, random.nextDouble());
                listener.changed(live.report());
            }
        }
        wanted.forEach((path, settings) -> want(path, settings, now));
        remember();
    }

    private void want(BfdPath path, SessionSettings settings, Moment now) {
        sessions.find(path).ifPresentOrElse(live -> want(live, settings, now), () -> begin(path, settings, now));
    }

    private void want(LiveSession live, SessionSettings settings, Moment now) {
        live.stay(now, random.nextDouble());
        tell(live, new SessionEvent.Reconfigured(settings), now);
    }

    private void begin(BfdPath path, SessionSettings settings, Moment now) {
        int discriminator = random.nextInt();
        while (sessions.isTaken(discriminator)) {
            discriminator = random.nextInt();
        }
        var start = SessionMachine.start(discriminator, settings, now, random.nextDouble());
        var live = new LiveSession(path, new Sender(path, 0, random), Standing.HEARD, start, Instant.now());
        sessions.add(live);
        listener.changed(live.report());
    }

    private void remember() {
        memory.keep(sessions.all().stream()
                .filter(live -> !live.isLeaving())
                .map(Remembered::of)
                .toList());
    }

    /** As it is now; only in a request. */
    LoopReport report() {
        return new LoopReport(
                sessions.all().stream().map(LiveSession::report).toList(), new DetectorCounts(drops, worstLateness));
    }

    private static Moment now() {
        return new Moment(System.nanoTime());
    }

    @Override
    public void close() {
        closed = true;
        datagrams.wake();
    }
}
