package dev.tombolo.agent.path;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;

/**
 * A way to a remote address that is in place.
 *
 * @param node the node that carries it
 * @param delivery the address to connect to: the pod's own, or its node's tunnel address for a host-network backend
 */
public record Path(NodeId node, IpAddress delivery) {}
