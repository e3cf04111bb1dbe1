package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.LivenessDetector;
import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.model.bgp.PeerId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/** Tells how long routers were silent that BFD gave up, each time once, and passes on what is heard. */
final class DetectionTimes implements LivenessDetector.Listener {
    private final LivenessDetector.Listener next;
    private final Function<BfdPath, Collection<PeerId>> peers;
    private final BgpTimes times;
    private final Set<BfdPath> up = new HashSet<>();

    /** @param peers whose sessions go that way */
    DetectionTimes(LivenessDetector.Listener next, Function<BfdPath, Collection<PeerId>> peers, BgpTimes times) {
        this.next = next;
        this.peers = peers;
        this.times = times;
    }

    /** What is lost is acted on first. */
    @Override
    public void changed(SessionReport report) {
        next.changed(report);
        if (report.isUp()) {
            up.add(report.path());
        } else if (up.remove(report.path())) {
            report.silence().ifPresent(time -> peers.apply(report.path()).forEach(peer -> times.detected(peer, time)));
        }
    }

    @Override
    public void refused(String reason) {
        next.refused(reason);
    }
}
