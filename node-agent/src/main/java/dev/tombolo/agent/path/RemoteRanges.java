package dev.tombolo.agent.path;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** The ranges that are reached through the tunnel and never in any other way. */
public final class RemoteRanges {
    private RemoteRanges() {}

    /**
     * Pod and tunnel ranges of every declared peer, without those that lie within another. They come from the
     * declarations and not from what nodes announce, so that they are closed before the first node is known.
     */
    public static List<Prefix> of(Collection<PeerDeclaration> peers) {
        var ranges = new TreeSet<Prefix>();
        peers.forEach(peer -> {
            ranges.addAll(peer.podRanges());
            ranges.addAll(peer.tunnelRanges());
        });
        return ranges.stream()
                .filter(range -> ranges.stream().noneMatch(other -> !other.equals(range) && other.contains(range)))
                .toList();
    }
}
