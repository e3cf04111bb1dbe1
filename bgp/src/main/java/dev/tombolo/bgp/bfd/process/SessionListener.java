package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.SessionReport;

/** Hears of sessions on the loop's thread; must not wait. */
interface SessionListener {
    void changed(SessionReport report);

    void gone(BfdPath path);
}
