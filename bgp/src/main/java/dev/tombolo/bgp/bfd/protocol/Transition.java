package dev.tombolo.bgp.bfd.protocol;

import java.util.ArrayList;
import java.util.List;

/** A session after an event, and what is to be done. */
public record Transition(BfdSession session, List<SessionAction> actions) {
    public Transition {
        actions = List.copyOf(actions);
    }

    static Transition to(BfdSession session) {
        return new Transition(session, List.of());
    }

    Transition and(SessionAction action) {
        var all = new ArrayList<>(actions);
        all.add(action);
        return new Transition(session, all);
    }

    Transition at(BfdSession next) {
        return new Transition(next, actions);
    }
}
