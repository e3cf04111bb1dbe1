package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.PeerId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why something that was asked for is not so on this node.
 *
 * @param clusterConfig the CiliumBGPClusterConfig that asked for it
 * @param peer empty where it is not about one
 * @param peerConfig the CiliumBGPPeerConfig that the peer names, if any
 * @param message a sentence that says what is, and what would help
 */
public record PeerProblem(
        Kind kind, String clusterConfig, Optional<PeerId> peer, Optional<String> peerConfig, String message)
        implements Comparable<PeerProblem> {
    private static final Comparator<PeerProblem> ORDER = Comparator.comparing(PeerProblem::clusterConfig)
            .thenComparing(problem -> problem.peer().map(PeerId::toString).orElse(""))
            .thenComparing(PeerProblem::kind)
            .thenComparing(PeerProblem::message);

    /** What is wrong; each keeps its peer down. */
    public enum Kind {
        /** Another configuration is for this node. */
        CONFLICTING_CLUSTER_CONFIG,
        /** The override of this node cannot be meant. */
        OVERRIDE_REFUSED,
        NO_LOCAL_ASN,
        MISSING_PEER_CONFIG,
        PEER_CONFIG_REFUSED,
        MISSING_AUTH_SECRET,
        /** Nobody has looked for its Secret yet, so that nothing is known of it. */
        SECRET_UNREAD,
        NO_DEFAULT_GATEWAY,
        NO_LOCAL_ADDRESS,
        /** The session's own address is of the other family than the router's. */
        FAMILY_MISMATCH,
        /** The router would be this node. */
        OWN_ADDRESS,
        /** Another peer is the same router. */
        DUPLICATE_PEER;

        /** As one CamelCase word, which is how conditions have it. */
        public String reason() {
            return Arrays.stream(name().split("_"))
                    .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining());
        }
    }

    @Override
    public int compareTo(PeerProblem other) {
        return ORDER.compare(this, other);
    }
}
