package dev.tombolo.agent.egress.legs;

import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.kube.object.NodeLegs.State;
import java.util.Collection;

/** A leg of which is yet to be said how it is. */
record LegNote(String leg, String of, Collection<String> policies) {
    Leg holds(String read) {
        return leg(State.Holds, read, "", "", "");
    }

    Leg broken(String read, String expected, String cause, String fix) {
        return leg(State.Broken, read, expected, cause, fix);
    }

    Leg unknown(String read, String expected, String cause, String fix) {
        return leg(State.Unknown, read, expected, cause, fix);
    }

    private Leg leg(State state, String read, String expected, String cause, String fix) {
        return new Leg(leg, of, policies.stream().sorted().toList(), state, read, expected, cause, fix);
    }
}
