package dev.tombolo.cli.doctor;

import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A leg, and how it is.
 *
 * @param where the node, or the nodes, that it is on; empty where it is none's
 * @param seen when its facts were told last; empty where they never were
 */
record Finding(String where, Leg leg, Optional<Instant> seen) {
    static Finding broken(String where, String leg, String of, Words words, Optional<Instant> seen) {
        return of(where, leg, of, State.Broken, words, seen);
    }

    static Finding unknown(String where, String leg, String of, Words words, Optional<Instant> seen) {
        return of(where, leg, of, State.Unknown, words, seen);
    }

    static Finding holds(String where, String leg, String of, String read, Optional<Instant> seen) {
        return of(where, leg, of, State.Holds, new Words(read, "", "", ""), seen);
    }

    /** What is said of it. */
    record Words(String read, String expected, String cause, String fix) {}

    private static Finding of(String where, String leg, String of, State state, Words words, Optional<Instant> seen) {
        return new Finding(
                where,
                new Leg(leg, of, List.of(), state, words.read(), words.expected(), words.cause(), words.fix()),
                seen);
    }

    boolean is(State state) {
        return leg.state() == state;
    }

    /** It in a few words. */
    String title() {
        return leg.leg() + (leg.of().isEmpty() ? "" : " " + leg.of()) + (where.isEmpty() ? "" : " on " + where);
    }
}
