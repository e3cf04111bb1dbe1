package dev.tombolo.model.peer;

import dev.tombolo.model.cluster.ClusterId;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.Prefix;
import java.util.List;

/** What a peer was declared to be when it was connected: the only things about it that are believed. */
public record PeerDeclaration(
        ClusterName name,
        ClusterId id,
        MeshNumbering numbering,
        List<Prefix> podRanges,
        List<Prefix> nodeRanges,
        List<Prefix> tunnelRanges,
        PeerQuotas quotas) {
    public PeerDeclaration {
        podRanges = List.copyOf(podRanges);
        nodeRanges = List.copyOf(nodeRanges);
        tunnelRanges = List.copyOf(tunnelRanges);
    }
}
