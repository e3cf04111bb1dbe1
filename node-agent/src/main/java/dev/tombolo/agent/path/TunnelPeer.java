package dev.tombolo.agent.path;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.NodeId;
import java.util.Set;
import java.util.TreeSet;

/**
 * A remote node as a WireGuard peer.
 *
 * @param allowed what may come from it and is sent to it: its tunnel address and its pods, never its underlay address,
 *     through which the tunnel itself runs
 */
public record TunnelPeer(NodeId node, SocketEndpoint endpoint, Set<Prefix> allowed) {
    public TunnelPeer {
        allowed = java.util.Collections.unmodifiableSet(new TreeSet<>(allowed));
    }
}
