package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.bfd.BfdPath;
import dev.tombolo.bgp.bfd.BfdPath.Reach;
import dev.tombolo.bgp.bfd.protocol.SessionSettings;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.model.bgp.BfdTiming;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which ways to routers are to be watched, from the sessions that are to be held. */
final class BfdPlan {
    private BfdPlan() {}

    /** Of two sessions with one router, at two of its ports, the one that is to notice sooner says how soon. */
    static Map<BfdPath, SessionSettings> settings(PlannedPeers peers) {
        var timings = new TreeMap<BfdPath, BfdTiming>();
        peers.peers()
                .values()
                .forEach(peer -> peer.bfd()
                        .ifPresent(timing -> timings.merge(path(peer.session()), timing, BfdTiming::quicker)));
        var settings = new TreeMap<BfdPath, SessionSettings>();
        timings.forEach(
                (path, timing) -> settings.put(path, SessionSettings.every(timing.interval(), timing.multiplier())));
        return settings;
    }

    /** Whose sessions are lost with a way. */
    static Map<BfdPath, SortedSet<PeerId>> peers(PlannedPeers peers) {
        var byPath = new TreeMap<BfdPath, SortedSet<PeerId>>();
        peers.peers().forEach((id, peer) -> {
            if (peer.bfd().isPresent()) {
                byPath.computeIfAbsent(path(peer.session()), _ -> new TreeSet<>())
                        .add(id);
            }
        });
        return byPath;
    }

    /** As far as the session itself may go: BIRD asks for no other, also of a router of our own system on the link. */
    private static BfdPath path(BgpPeer session) {
        return new BfdPath(
                session.peerAddress(),
                session.localAddress(),
                Optional.empty(),
                session.hops() == 1 ? Reach.DIRECT : Reach.MULTIHOP);
    }
}
