package dev.tombolo.model.service.view;

import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.view.ViewLine;
import java.util.List;

/**
 * One place that answers a service, or could.
 *
 * @param node that it is on, or that the way to it ends at; empty where nobody knows
 * @param why in a clause what the state rests on; empty where the state says it all
 * @param weight of its share of new connections, next to those of the others; 0 where it gets none
 * @param connections from outside that this node has taken there by this frontend
 */
public record BackendView(
        SocketEndpoint endpoint,
        String cluster,
        String node,
        String zone,
        State state,
        String why,
        int weight,
        int connections) {
    private static final int FIELDS = 8;

    /** What becomes of new connections there, and of those that exist. */
    public enum State {
        /** New connections get it. */
        ACTIVE("active"),
        /** It ends: existing connections stay, new ones go elsewhere. */
        DRAINING("draining"),
        /** The way to its node does not answer: new connections go elsewhere. */
        DEAD_PATH("dead path"),
        /** There is no way to it yet. */
        WAITING("waiting for path"),
        /** It fails its probes. */
        NOT_READY("not ready"),
        /** It could answer, and is not offered: others are to be used, or only those of this node. */
        LEFT_OUT("left out"),
        /** It is no backend any more; connections that it has go on until they end. */
        GONE("gone");

        private final String words;

        State(String words) {
            this.words = words;
        }

        /** As people read it. */
        public String words() {
            return words;
        }
    }

    String line() {
        return ViewLine.of(
                endpoint.toString(),
                cluster,
                node,
                zone,
                state.name(),
                why,
                Integer.toString(weight),
                Integer.toString(connections));
    }

    static BackendView of(List<String> fields) {
        ViewLine.expect(fields, FIELDS);
        return new BackendView(
                SocketEndpoint.parse(fields.get(0)),
                fields.get(1),
                fields.get(2),
                fields.get(3),
                State.valueOf(fields.get(4)),
                fields.get(5),
                Integer.parseInt(fields.get(6)),
                Integer.parseInt(fields.get(7)));
    }
}
