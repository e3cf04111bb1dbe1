package dev.tombolo.bgp.bfd.process;

import dev.tombolo.bgp.bfd.DetectorCounts;
import dev.tombolo.bgp.bfd.SessionReport;
import java.util.List;

/** The loop at one moment. */
record LoopReport(List<SessionReport> sessions, DetectorCounts counts) {}
