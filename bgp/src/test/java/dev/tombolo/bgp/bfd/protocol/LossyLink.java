package dev.tombolo.bgp.bfd.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/** Two sessions and what is between them, on one clock. */
final class LossyLink {
    private static final Duration LONGEST_DELAY = Duration.ofMillis(4);

    private final RandomGenerator random;
    private final BfdSession[] ends = new BfdSession[2];
    private final PriorityQueue<Flight> flights = new PriorityQueue<>(
            Comparator.comparingLong(flight -> flight.arrival().nanos()));
    /** Nothing overtakes. */
    private final long[] lastArrival = new long[2];

    private final List<SessionAction.Changed> changes = new ArrayList<>();
    private Moment now = new Moment(0);
    private double loss;

    private record Flight(int to, BfdPacket packet, Moment arrival) {}

    LossyLink(SessionSettings one, SessionSettings other, RandomGenerator random) {
        this.random = random;
        take(0, SessionMachine.start(1, one, now, random.nextDouble()));
        take(1, SessionMachine.start(2, other, now, random.nextDouble()));
    }

    /** The share of packets that get lost from now on. */
    void lose(double share) {
        loss = share;
    }

    void event(int end, SessionEvent event) {
        take(end, SessionMachine.next(ends[end], event, now, random.nextDouble()));
    }

    void run(Duration duration) {
        var last = now.plus(duration);
        for (var next = next(); next.nanos() <= last.nanos(); next = next()) {
            now = next;
            step();
        }
        now = last;
    }

    private Moment next() {
        long first = Long.MAX_VALUE;
        for (var end : ends) {
            first = Math.min(first, end.deadline().map(Moment::nanos).orElse(Long.MAX_VALUE));
        }
        return new Moment(
                flights.isEmpty()
                        ? first
                        : Math.min(first, flights.peek().arrival().nanos()));
    }

    private void step() {
        if (!flights.isEmpty() && !flights.peek().arrival().isAfter(now)) {
            var flight = flights.poll();
            event(flight.to(), new SessionEvent.Received(flight.packet()));
            return;
        }
        for (int end = 0; end < ends.length; end++) {
            event(end, new SessionEvent.TimePassed());
        }
    }

    private void take(int end, Transition transition) {
        ends[end] = transition.session();
        for (var action : transition.actions()) {
            switch (action) {
                case SessionAction.Transmit(var packet) -> send(1 - end, packet);
                case SessionAction.Changed changed -> changes.add(changed);
            }
        }
    }

    private void send(int to, BfdPacket packet) {
        if (random.nextDouble() >= loss) {
            long delay = (long) (random.nextDouble() * LONGEST_DELAY.toNanos());
            var arrival = new Moment(Math.max(lastArrival[to] + 1, now.nanos() + delay));
            lastArrival[to] = arrival.nanos();
            flights.add(new Flight(to, packet, arrival));
        }
    }

    BfdSession end(int end) {
        return ends[end];
    }

    boolean isUp() {
        return ends[0].state() == SessionState.UP && ends[1].state() == SessionState.UP;
    }

    List<SessionAction.Changed> changes() {
        return changes;
    }
}
