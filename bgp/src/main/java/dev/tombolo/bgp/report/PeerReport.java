package dev.tombolo.bgp.report;

import dev.tombolo.model.bgp.PeerId;
import java.util.Comparator;
import java.util.Optional;

/**
 * How one peer of a node is, also one that has no session.
 *
 * @param peerConfig the CiliumBGPPeerConfig that it names
 * @param reason one CamelCase word for why it is not established; empty where it is
 * @param message the same as a sentence
 */
public record PeerReport(PeerId id, Optional<String> peerConfig, String state, String reason, String message)
        implements Comparable<PeerReport> {
    private static final Comparator<PeerReport> ORDER =
            Comparator.comparing(PeerReport::id).thenComparing(PeerReport::reason);

    public boolean isEstablished() {
        return state.equals(SessionView.ESTABLISHED);
    }

    @Override
    public int compareTo(PeerReport other) {
        return ORDER.compare(this, other);
    }
}
