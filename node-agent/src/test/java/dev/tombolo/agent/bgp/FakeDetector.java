package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.DetectorCounts;
import dev.tombolo.bgp.bfd.LivenessDetector;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.SessionReport.Agreed;
import dev.tombolo.bgp.bfd.SessionReport.Counts;
import dev.tombolo.bgp.bfd.SessionReport.Remote;
import dev.tombolo.bgp.bfd.SessionReport.Standing;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reports what it is told to report. */
final class FakeDetector implements LivenessDetector {
    static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");

    final Listener listener;
    Optional<Map<BfdPath, SessionSettings>> wanted = Optional.empty();
    Optional<Instant> deafSince = Optional.empty();
    private final Map<BfdPath, SessionReport> reports = new HashMap<>();

    FakeDetector(Listener listener) {
        this.listener = listener;
    }

    void report(BfdPath path, SessionState state, Diagnostic diagnostic, SessionState remote) {
        report(path, state, diagnostic, new Remote(7, remote, Diagnostic.NONE, Duration.ZERO, Duration.ZERO));
    }

    void report(BfdPath path, SessionState state, Diagnostic diagnostic, Remote remote) {
        var report = new SessionReport(
                path,
                state,
                diagnostic,
                Standing.HEARD,
                THEN,
                Optional.empty(),
                remote,
                new Agreed(Duration.ofMillis(300), Duration.ofMillis(900)),
                new Counts(1, 1, 0, 1));
        reports.put(path, report);
        listener.changed(report);
    }

    @Override
    public void watch(Map<BfdPath, SessionSettings> paths) {
        wanted = Optional.of(paths);
    }

    @Override
    public Map<BfdPath, SessionReport> reports() {
        return Map.copyOf(reports);
    }

    @Override
    public Optional<Instant> deafSince() {
        return deafSince;
    }

    @Override
    public void refresh() {}

    @Override
    public DetectorCounts counts() {
        return new DetectorCounts(Map.of(), Duration.ZERO);
    }

    @Override
    public void close() {}
}
