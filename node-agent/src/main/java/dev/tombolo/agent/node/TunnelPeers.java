package dev.tombolo.agent.node;

import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The device's peers. Names of nodes are taken from the desired table, because WireGuard keeps none. */
public final class TunnelPeers implements Target<WireGuardKey, TunnelPeer> {
    private static final dev.tombolo.model.cluster.ClusterName UNKNOWN =
            new dev.tombolo.model.cluster.ClusterName("unknown");
    private final TunnelDevice device;
    private final Table<WireGuardKey, TunnelPeer> desired;

    public TunnelPeers(TunnelDevice device, Table<WireGuardKey, TunnelPeer> desired) {
        this.device = device;
        this.desired = desired;
    }

    @Override
    public Map<WireGuardKey, TunnelPeer> observe() throws IOException {
        var rows = new HashMap<WireGuardKey, TunnelPeer>();
        var names = desired.snapshot();
        device.peers().forEach((key, peer) -> {
            var node = names.get(key).map(TunnelPeer::node).orElse(new NodeId(UNKNOWN, key.base64()));
            rows.put(key, new TunnelPeer(node, peer.endpoint(), peer.allowed()));
        });
        return rows;
    }

    @Override
    public void put(WireGuardKey key, TunnelPeer peer) throws IOException {
        device.put(key, peer);
    }

    @Override
    public void remove(WireGuardKey key) throws IOException {
        device.remove(key);
    }
}
