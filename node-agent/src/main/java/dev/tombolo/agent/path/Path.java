package dev.tombolo.agent.path;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;

/**
 * A way to a remote address that is in place.
 *
 * @param node the node that carries it
 * @param delivery the address to connect to: the pod's own, or its node's tunnel address for a host-network backend
 * @param dead the node answered before and does not now: new connections would be lost there
 */
public record Path(NodeId node, IpAddress delivery, boolean dead) {
    public Path(NodeId node, IpAddress delivery) {
        this(node, delivery, false);
    }

    Path withDead(boolean isDead) {
        return new Path(node, delivery, isDead);
    }
}
