package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.DetectorCounts;
import dev.tombolo.bgp.bfd.LivenessDetector;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.bgp.bfd.protocol.Diagnostic;
import dev.tombolo.bgp.bfd.protocol.SessionState;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.speaker.Speaker;
import dev.tombolo.kube.object.BgpNodeConfigObject.BfdStatus;
import dev.tombolo.model.bgp.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the ways to routers watched, and resets the sessions of one that is lost. Lost is what was up and is heard to be so no
 * more: a session that comes up while BFD is down is left alone, however often that is said, or it would never stay. So is
 * one whose router has ended BFD (RFC 5882, 4.2), and so are all while nobody is heard who watches.
 */
final class Liveness implements LivenessDetector.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);
    /** Whoever watches may start again without a neighbour's noticing. */
    private static final Duration RESTART = Duration.ofSeconds(5);

    private static final SortedSet<PeerId> NOBODY = Collections.emptySortedSet();

    private final Speaker speaker;
    private final Function<LivenessDetector.Listener, LivenessDetector> starter;
    private final Set<BfdPath> up = new HashSet<>();
    private Map<BfdPath, SortedSet<PeerId>> watched = Map.of();
    private volatile Optional<LivenessDetector> detector = Optional.empty();
    private volatile Optional<String> refusal = Optional.empty();

    /** @param starter called when there first is something to be asked of a detector */
    Liveness(Speaker speaker, Function<LivenessDetector.Listener, LivenessDetector> starter) {
        this.speaker = speaker;
        this.starter = starter;
    }

    /** A detector may have been asked for something before, and goes on with it until told otherwise. */
    Liveness resume() {
        detector = Optional.of(starter.apply(this));
        return this;
    }

    /** By one thread. */
    void watch(PlannedPeers peers) {
        synchronized (this) {
            var before = watched.keySet();
            watched = BfdPlan.peers(peers);
            up.removeIf(path -> before.contains(path) && !watched.containsKey(path));
            refusal = Optional.empty();
        }
        var settings = BfdPlan.settings(peers);
        if (detector.isEmpty() && !settings.isEmpty()) {
            resume();
        }
        detector.ifPresent(running -> running.watch(settings));
    }

    @Override
    public void changed(SessionReport report) {
        if (isLost(report)) {
            LOG.warn("router is lost path={} diagnostic={}", report.path(), report.diagnostic());
            peers(report.path()).forEach(speaker::reset);
        }
    }

    private synchronized boolean isLost(SessionReport report) {
        if (report.isUp()) {
            if (up.add(report.path())) {
                LOG.info("BFD is up path={}", report.path());
            }
            return false;
        }
        return up.remove(report.path()) && watched.containsKey(report.path()) && !isMeant(report);
    }

    /** Ended by the router or by us, or begun anew by a process that has forgotten it. */
    private static boolean isMeant(SessionReport report) {
        return report.state() == SessionState.ADMIN_DOWN
                || report.isEndedByNeighbour()
                || report.diagnostic() == Diagnostic.ADMINISTRATIVELY_DOWN
                || report.diagnostic() == Diagnostic.NONE;
    }

    private synchronized Set<PeerId> peers(BfdPath path) {
        return watched.getOrDefault(path, NOBODY);
    }

    @Override
    public void refused(String reason) {
        refusal = Optional.of("BFD's process has not taken what it was asked for: " + reason);
    }

    /** Of the peers that want it. */
    Map<PeerId, BfdStatus> status(Instant now) {
        var deafSince = deafSince(now);
        var reports = detector.map(LivenessDetector::reports).orElse(Map.of());
        var all = new TreeMap<PeerId, BfdStatus>();
        watched().forEach((path, peers) -> {
            var status = deafSince
                    .map(BfdReport::unheard)
                    .orElseGet(() -> BfdReport.of(Optional.ofNullable(reports.get(path))));
            peers.forEach(peer -> all.put(peer, status));
        });
        return all;
    }

    /** Of all sessions; empty where nobody watches. Those of some moments ago: whoever watches is asked for new ones. */
    Optional<DetectorCounts> counts() {
        detector.ifPresent(LivenessDetector::refresh);
        return detector.map(LivenessDetector::counts);
    }

    private synchronized Map<BfdPath, SortedSet<PeerId>> watched() {
        return watched;
    }

    private Optional<Instant> deafSince(Instant now) {
        return detector.flatMap(LivenessDetector::deafSince)
                .filter(since -> since.plus(RESTART).isBefore(now));
    }

    /** Why routers are not watched that should be. */
    Optional<String> failure(Instant now) {
        return watched().isEmpty()
                ? Optional.empty()
                : refusal.or(() ->
                        deafSince(now).map(since -> BfdReport.unheard(since).message()));
    }

    /** Stops; whoever watches goes on. */
    @Override
    public void close() {
        detector.ifPresent(LivenessDetector::close);
    }
}
