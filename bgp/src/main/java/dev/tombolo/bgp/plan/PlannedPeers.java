package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PeerId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The sessions of a node.
 *
 * @param clusterConfig the CiliumBGPClusterConfig that this node has; empty for none
 * @param problems why others are not among them, in order
 */
public record PlannedPeers(
        Optional<String> clusterConfig, SortedMap<PeerId, PlannedPeer> peers, List<PeerProblem> problems) {
    public PlannedPeers {
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
        problems = problems.stream().sorted().distinct().toList();
    }

    /** Whether it can be acted on: a peer that is missing only because its Secret was not looked for yet may be up. */
    public boolean isSettled() {
        return problems.stream().noneMatch(problem -> problem.kind() == PeerProblem.Kind.SECRET_UNREAD);
    }

    /** As a speaker takes them. */
    public List<BgpPeer> sessions() {
        return peers.values().stream().map(PlannedPeer::session).toList();
    }
}
