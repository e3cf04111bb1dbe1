package dev.tombolo.bgp.bfd;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** The last reports, and which of them are of this connection. One thread writes, any reads. */
final class ReportMemory {
    private final Map<BfdPath, SessionReport> byPath = new ConcurrentSkipListMap<>();
    private final Set<BfdPath> seen = new HashSet<>();

    /** The report, if it tells of a change. */
    Optional<SessionReport> take(SessionReport report) {
        seen.add(report.path());
        var before = byPath.put(report.path(), report);
        boolean isNews = before == null
                || before.state() != report.state()
                || !before.since().equals(report.since());
        return isNews ? Optional.of(report) : Optional.empty();
    }

    void remove(BfdPath path) {
        byPath.remove(path);
    }

    void beginAgain() {
        seen.clear();
    }

    /** Everything has been told once. */
    void forgetUnseen() {
        byPath.keySet().retainAll(seen);
    }

    Map<BfdPath, SessionReport> all() {
        return Map.copyOf(byPath);
    }
}
