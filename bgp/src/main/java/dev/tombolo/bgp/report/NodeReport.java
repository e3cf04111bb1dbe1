package dev.tombolo.bgp.report;

import dev.tombolo.bgp.plan.PeerProblem;
import dev.tombolo.bgp.plan.PlannedPeers;
import dev.tombolo.bgp.plan.PlannedRoutes;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How the sessions of one node are; the node says it of itself in its CiliumBGPNodeConfig.
 *
 * @param clusterConfig the CiliumBGPClusterConfig that it has
 * @param conflicting others that are for it and that it does not have
 * @param peers in order, each once
 * @param routes how many prefixes at least one router is told
 */
public record NodeReport(
        String node, Optional<String> clusterConfig, List<String> conflicting, List<PeerReport> peers, int routes) {
    private static final int SHOWN = 3;

    public NodeReport {
        conflicting = conflicting.stream().sorted().distinct().toList();
        peers = peers.stream().sorted().toList();
    }

    /** Of this node, from what was planned and what the speaker says of it. */
    public static NodeReport of(
            String node, PlannedPeers planned, PlannedRoutes routes, Map<PeerId, SessionView> sessions) {
        var peers = new ArrayList<PeerReport>();
        planned.peers()
                .forEach((id, peer) ->
                        peers.add(of(id, peer.peerConfig(), sessions.getOrDefault(id, SessionView.IDLE))));
        planned.problems().forEach(problem -> problem.peer().ifPresent(id -> peers.add(of(id, problem))));
        var conflicting = planned.problems().stream()
                .filter(problem -> problem.kind() == PeerProblem.Kind.CONFLICTING_CLUSTER_CONFIG)
                .map(PeerProblem::clusterConfig)
                .toList();
        return new NodeReport(node, planned.clusterConfig(), conflicting, peers, told(routes, sessions));
    }

    private static PeerReport of(PeerId id, Optional<String> peerConfig, SessionView session) {
        return session.isEstablished()
                ? new PeerReport(id, peerConfig, session.state(), "", "")
                : new PeerReport(
                        id,
                        peerConfig,
                        session.state(),
                        "NotEstablished",
                        session.lastError().isEmpty() ? "the router does not answer yet" : session.lastError());
    }

    private static PeerReport of(PeerId id, PeerProblem problem) {
        return new PeerReport(
                id,
                problem.peerConfig(),
                SessionView.IDLE.state(),
                problem.kind().reason(),
                problem.message());
    }

    /** Nobody is told by a session that is not established. */
    private static int told(PlannedRoutes routes, Map<PeerId, SessionView> sessions) {
        var prefixes = new TreeSet<Prefix>();
        routes.byPeer().forEach((peer, told) -> {
            if (sessions.getOrDefault(peer, SessionView.IDLE).isEstablished()) {
                prefixes.addAll(told.keySet());
            }
        });
        return prefixes.size();
    }

    /** The same as far as it holds of a node that says nothing any more: what was up may be down. */
    public NodeReport unheard() {
        var unknown = peers.stream()
                .map(peer -> peer.isEstablished()
                        ? new PeerReport(
                                peer.id(),
                                peer.peerConfig(),
                                "unknown",
                                "NodeSilent",
                                "node " + node + " has not been heard of")
                        : peer)
                .toList();
        return new NodeReport(node, clusterConfig, conflicting, unknown, 0);
    }

    public int established() {
        return (int) peers.stream().filter(PeerReport::isEstablished).count();
    }

    /** For a column: how many are up, of how many that were asked for. */
    public String sessions() {
        return peers.isEmpty() ? "" : established() + "/" + peers.size();
    }

    /** For a column: who is not up, and why. */
    public String down() {
        var down = peers.stream().filter(peer -> !peer.isEstablished()).toList();
        String shown = down.stream()
                .limit(SHOWN)
                .map(peer -> peer.id() + ": " + peer.reason())
                .collect(Collectors.joining(", "));
        return down.size() > SHOWN ? shown + " and " + (down.size() - SHOWN) + " more" : shown;
    }

    /** Those that have no session whatever their routers do. */
    List<PeerReport> refused() {
        return peers.stream()
                .filter(peer -> !peer.reason().isEmpty()
                        && !peer.reason().equals("NotEstablished")
                        && !peer.reason().equals("NodeSilent"))
                .toList();
    }

    /** {@code cilium.io/BGPReconcileError}: what was asked for and has no session, whatever routers do. */
    public BgpCondition reconcileError() {
        var wrong = refused().stream()
                .map(peer -> peer.id() + ": " + peer.message())
                .toList();
        return wrong.isEmpty()
                ? new BgpCondition("cilium.io/BGPReconcileError", false, "Reconciled", "")
                : new BgpCondition(
                        "cilium.io/BGPReconcileError", true, "PeersWithoutSession", BgpCondition.listed(wrong));
    }
}
