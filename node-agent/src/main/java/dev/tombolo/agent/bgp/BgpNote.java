package dev.tombolo.agent.bgp;

import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.kube.object.NodeLegs.Leg;
import java.util.List;

/** Which leg something is said of. */
record BgpNote(String leg, String of) {
    static BgpNote of(String leg, Object of) {
        return new BgpNote(NodeLegs.BGP + leg, of.toString());
    }

    Leg holds(String read) {
        return new Leg(leg, of, List.of(), NodeLegs.State.Holds, read, "", "", "");
    }

    Leg broken(String read, String expected, String cause, String fix) {
        return new Leg(leg, of, List.of(), NodeLegs.State.Broken, read, expected, cause, fix);
    }

    Leg unknown(String read, String expected, String cause, String fix) {
        return new Leg(leg, of, List.of(), NodeLegs.State.Unknown, read, expected, cause, fix);
    }
}
