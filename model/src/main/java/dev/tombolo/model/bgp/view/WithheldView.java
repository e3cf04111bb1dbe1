package dev.tombolo.model.bgp.view;

import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.view.ViewLine;
import java.util.List;
import java.util.Optional;

/**
 * What an advertisement selects and a router is not told.
 *
 * @param peer empty where none is
 * @param why a sentence
 */
public record WithheldView(String advertisement, Optional<PeerId> peer, String subject, String why) {
    private static final int FIELDS = 5;

    String line() {
        return ViewLine.of(
                advertisement,
                peer.map(PeerId::instance).orElse(""),
                peer.map(PeerId::peer).orElse(""),
                subject,
                why);
    }

    static WithheldView of(List<String> fields) {
        ViewLine.expect(fields, FIELDS);
        var peer = fields.get(2).isEmpty()
                ? Optional.<PeerId>empty()
                : Optional.of(new PeerId(fields.get(1), fields.get(2)));
        return new WithheldView(fields.get(0), peer, fields.get(3), fields.get(4));
    }
}
