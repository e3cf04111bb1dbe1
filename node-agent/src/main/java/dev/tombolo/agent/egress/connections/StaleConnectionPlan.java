package dev.tombolo.agent.egress.connections;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.TrackedConnection;
import java.util.Optional;
import java.util.Set;

/**
 * Which connections the kernel has to forget: it decides once how the packets of each are translated, whatever the policies
 * become. What is not known to be in the way stays, because replies of a connection that is forgotten are nobody's to
 * network policies.
 */
final class StaleConnectionPlan {
    /** Of connections that were steered: {@code mark_steered} in C, and what the nft chain {@code sources} sets. */
    static final int STEERED_MARK = 0x1000;

    private StaleConnectionPlan() {}

    /**
     * Empty where it may stay.
     *
     * @param nodes the node's own addresses: what the bit means of its connections is not ours to say
     * @param fate of packets from the connection's source to its destination, both before any translation, as they are
     *     where packets enter the node
     */
    static Optional<Staleness> staleness(TrackedConnection connection, Set<IpAddress> nodes, Fate fate) {
        if (nodes.contains(connection.source().address())) {
            return Optional.empty();
        }
        return switch (fate) {
            case HELD -> Optional.empty();
            case STEERED -> leavesUnderAnother(connection) ? Optional.of(Staleness.STEERED_NOW) : Optional.empty();
            case NOT_STEERED -> isCaught(connection) ? Optional.of(Staleness.STEERED_NO_MORE) : Optional.empty();
        };
    }

    /** One that keeps the pod's address is translated by the data path, whoever saw to that. */
    private static boolean leavesUnderAnother(TrackedConnection connection) {
        return !isMarked(connection) && connection.isSourceTranslated();
    }

    /**
     * By the nft chain {@code turned}, which resets TCP: both ends hear of it, where a connection that is forgotten in its
     * midst would leave it to others on the way to say so, and the kernel does not wait for more of it.
     */
    private static boolean isCaught(TrackedConnection connection) {
        return isMarked(connection) && !connection.isTcp();
    }

    private static boolean isMarked(TrackedConnection connection) {
        return (connection.mark() & STEERED_MARK) != 0;
    }
}
