package dev.tombolo.agent.egress.neighbour;

import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.egress.plan.PeerRequests;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is between this cluster and others in matters of egress.
 *
 * @param requests whose pods leave through our gateways
 * @param offered nodes of others that our pods may leave through
 * @param peers the nodes of all these clusters, as the tunnel knows them
 */
public record Neighbours(List<PeerRequests> requests, List<EgressNode> offered, Map<WireGuardKey, TunnelPeer> peers) {
    /** No other cluster gives or takes anything. */
    public static final Neighbours NONE = new Neighbours(List.of(), List.of(), Map.of());

    public Neighbours {
        requests = List.copyOf(requests);
        offered = List.copyOf(offered);
        peers = Map.copyOf(peers);
    }

    /** Whether pods of a cluster may come to our gateways. */
    public boolean serves(ClusterName cluster) {
        return requests.stream()
                .anyMatch(asked -> asked.peer().equals(cluster) && !asked.pods().isEmpty());
    }

    /** How a node of another cluster is reached, with its key. */
    public Optional<Map.Entry<WireGuardKey, TunnelPeer>> peer(NodeId node) {
        return peers.entrySet().stream()
                .filter(peer -> peer.getValue().node().equals(node))
                .findFirst();
    }
}
