package dev.tombolo.model.bgp.view;

import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.view.ViewLine;
import java.util.List;

/**
 * A router that a node tells routes.
 *
 * @param state of the session, for instance established
 * @param since of this state, RFC 3339; empty where it is not known
 * @param reason why it is not established; empty where it is, or where nobody knows
 */
public record RouterView(PeerId id, String address, long asn, String state, String since, String reason) {
    private static final int FIELDS = 7;

    String line() {
        return ViewLine.of(id.instance(), id.peer(), address, Long.toString(asn), state, since, reason);
    }

    static RouterView of(List<String> fields) {
        ViewLine.expect(fields, FIELDS);
        return new RouterView(
                new PeerId(fields.get(0), fields.get(1)),
                fields.get(2),
                Long.parseLong(fields.get(3)),
                fields.get(4),
                fields.get(5),
                fields.get(6));
    }
}
