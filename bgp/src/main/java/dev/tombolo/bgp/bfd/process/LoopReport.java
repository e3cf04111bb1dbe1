package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.protocol.Drop;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The loop at one moment.
 *
 * @param worstLateness of a timer, since the process began
 */
record LoopReport(List<SessionReport> sessions, Map<Drop, Long> drops, Duration worstLateness) {}
