package dev.tombolo.agent.status;

import dev.tombolo.kube.object.MeshNodeObject.Peer;
import dev.tombolo.kube.object.MeshNodeObject.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds peers that do not answer: WireGuard shakes hands every two minutes while there is traffic, so a handshake that
 * is old while packets still go out means that nothing comes back. A peer that nobody talks to is quiet, not dead.
 */
public final class PeerWatch {
    private static final Duration OLD = Duration.ofSeconds(180);
    /** Before the first handshake one is tried every five seconds. */
    private static final Duration NEVER = Duration.ofSeconds(20);

    private record Seen(Optional<Instant> handshake, Instant since, OptionalLong sentWhenOld) {}

    private final Map<String, Seen> seen = new HashMap<>();

    /** To be called again and again: that packets go out shows between two calls. */
    public List<Problem> problems(List<Peer> peers, Instant now, int ownPort) {
        var problems = new ArrayList<Problem>();
        var current = new HashMap<String, Seen>();
        for (var peer : peers) {
            var next = next(seen.get(name(peer)), peer, now);
            current.put(name(peer), next);
            if (next.sentWhenOld().isPresent()
                    && peer.txBytes() > next.sentWhenOld().getAsLong()) {
                problems.add(problem(peer, next, ownPort));
            }
        }
        seen.clear();
        seen.putAll(current);
        return problems;
    }

    private static Seen next(Seen before, Peer peer, Instant now) {
        var same = before == null || !before.handshake().equals(peer.lastHandshake())
                ? new Seen(peer.lastHandshake(), peer.lastHandshake().orElse(now), OptionalLong.empty())
                : before;
        var patience = peer.lastHandshake().isPresent() ? OLD : NEVER;
        boolean old = now.isAfter(same.since().plus(patience));
        return old && same.sentWhenOld().isEmpty()
                ? new Seen(same.handshake(), same.since(), OptionalLong.of(peer.txBytes()))
                : same;
    }

    private static Problem problem(Peer peer, Seen seen, int ownPort) {
        String last = seen.handshake().map(time -> "no handshake since " + time).orElse("there never was a handshake");
        return new Problem(
                "path to node " + peer.node() + " of cluster " + peer.cluster(),
                "seems dead: " + last + ", and packets are sent to " + peer.endpoint(),
                "check UDP port " + ownPort + " of this node and " + peer.endpoint()
                        + " in the firewalls between them, and that the agent runs there");
    }

    private static String name(Peer peer) {
        return peer.cluster() + "/" + peer.node();
    }
}
