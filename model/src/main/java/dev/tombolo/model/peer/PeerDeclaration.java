package dev.tombolo.model.peer;

import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.Prefix;
import java.util.List;

/**
 * What a peer was declared to be when it was connected: the only things about it that are believed.
 *
 * @param mayUseGateways whether its pods may leave through gateways of this cluster
 */
public record PeerDeclaration(
        ClusterName name,
        ClusterId id,
        MeshNumbering numbering,
        List<Prefix> podRanges,
        List<Prefix> nodeRanges,
        List<Prefix> tunnelRanges,
        PeerQuotas quotas,
        boolean mayUseGateways) {
    public PeerDeclaration {
        podRanges = List.copyOf(podRanges);
        nodeRanges = List.copyOf(nodeRanges);
        tunnelRanges = List.copyOf(tunnelRanges);
    }

    /** A peer that may not use our gateways, as every peer unless its MeshPeer says otherwise. */
    public PeerDeclaration(
            ClusterName name,
            ClusterId id,
            MeshNumbering numbering,
            List<Prefix> podRanges,
            List<Prefix> nodeRanges,
            List<Prefix> tunnelRanges,
            PeerQuotas quotas) {
        this(name, id, numbering, podRanges, nodeRanges, tunnelRanges, quotas, false);
    }

    /** The same peer, its pods let out through our gateways or not. */
    public PeerDeclaration withGateways(boolean allowed) {
        return new PeerDeclaration(name, id, numbering, podRanges, nodeRanges, tunnelRanges, quotas, allowed);
    }
}
