package dev.tombolo.agent.ipcache;

import dev.tombolo.agent.index.Index;
import dev.tombolo.agent.path.RemoteRanges;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import dev.tombolo.reconciler.table.Table;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Which addresses are another cluster's by declaration, whatever a node or pod of this one says. */
final class DeclaredRanges {
    private final Index<Prefix, ClusterName, PeerDeclaration> peers;

    DeclaredRanges(Table<ClusterName, PeerDeclaration> peers) {
        this.peers = new Index<>(peers, (_, peer) -> RemoteRanges.of(List.of(peer)));
    }

    /** Takes in one peer; returns the ranges that it had and has. */
    Set<Prefix> update(ClusterName peer) {
        return peers.update(peer);
    }

    void rebuild() {
        peers.rebuild();
    }

    /** One look-up for each length, however many peers there are. */
    Optional<ClusterName> owner(Prefix prefix) {
        return IntStream.rangeClosed(0, prefix.length())
                .mapToObj(length -> new Prefix(prefix.address(), length))
                .flatMap(range -> peers.keys(range).stream())
                .findFirst();
    }
}
