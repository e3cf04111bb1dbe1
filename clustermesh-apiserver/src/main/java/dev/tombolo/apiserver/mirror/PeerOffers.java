package dev.tombolo.apiserver.mirror;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.reconciler.table.Table;
import java.util.Map;
import java.util.Set;

/**
 * What peers offer to our pods. A peer that offers nothing is told from one that has not been read yet.
 *
 * @param nodes nodes of peers that our pods may leave through
 * @param read peers whose offers have been read since this process runs
 */
public record PeerOffers(Table<NodeId, EgressNode> nodes, Table<ClusterName, ClusterName> read) {
    public PeerOffers() {
        this(new Table<>("offered nodes"), new Table<>("peers whose offers are known"));
    }

    void known(ClusterName peer) {
        if (read.snapshot().get(peer).isEmpty()) {
            read.apply(Map.of(peer, peer), Set.of());
        }
    }

    void forget(ClusterName peer) {
        read.apply(Map.of(), Set.of(peer));
    }
}
