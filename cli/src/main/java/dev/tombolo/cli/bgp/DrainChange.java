package dev.tombolo.cli.bgp;

import dev.tombolo.model.bgp.BgpDrain;
import java.util.Optional;

/** What is to be asked for from now on; the same as before where that was asked for already. */
record DrainChange(Drainable subject, Optional<BgpDrain> after) {
    boolean isChange() {
        return !subject.drain().equals(after);
    }
}
