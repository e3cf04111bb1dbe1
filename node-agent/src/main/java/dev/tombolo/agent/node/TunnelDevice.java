package dev.tombolo.agent.node;

import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import dev.tombolo.reconciler.loop.Target;
import dev.tombolo.reconciler.table.Table;
import dev.tombolo.wireguard.KernelWireGuard;
import dev.tombolo.wireguard.PeerState;
import dev.tombolo.wireguard.PrivateKey;
import dev.tombolo.wireguard.WireGuardBackend;
import dev.tombolo.wireguard.WireGuardDevice;
import dev.tombolo.wireguard.WireGuardPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** This node's end of the tunnel and its peers. Names of nodes come from the desired table: WireGuard keeps none. */
public final class TunnelDevice implements Target<WireGuardKey, TunnelPeer> {
    private static final ClusterName UNKNOWN = new ClusterName("unknown");
    private static final SocketEndpoint NOWHERE = SocketEndpoint.parse("0.0.0.0:0");
    private final WireGuardBackend backend;
    private final WireGuardDevice device;
    private final PrivateKey key;
    private final int port;
    private final Table<WireGuardKey, TunnelPeer> desired;

    public TunnelDevice(
            WireGuardBackend backend, String name, PrivateKey key, int port, Table<WireGuardKey, TunnelPeer> desired) {
        this.backend = backend;
        this.device = backend.device(name);
        this.key = key;
        this.port = port;
        this.desired = desired;
    }

    public String backend() {
        return backend.name();
    }

    public WireGuardKey publicKey() {
        return key.publicKey();
    }

    public int port() {
        return port;
    }

    /** Makes the device where the kernel can, and gives it key and port; true if it had others, or was not there. */
    boolean configure() throws IOException {
        var before = device.read();
        boolean known = before.isPresent()
                && before.get().port() == port
                && before.get().publicKey().equals(Optional.of(key.publicKey()));
        if (known) {
            return false;
        }
        if (before.isEmpty() && device instanceof KernelWireGuard kernel) {
            kernel.create();
        }
        if (device.read().isEmpty()) {
            throw new IOException("device " + device.name()
                    + " has no WireGuard behind it: this node's pod of tombolo-wireguard is not up");
        }
        device.configure(key, port);
        return true;
    }

    /** How each peer is doing; empty while there is no device. */
    public Map<WireGuardKey, PeerState> states() throws IOException {
        return device.read().map(state -> state.peers()).orElse(Map.of());
    }

    @Override
    public Map<WireGuardKey, TunnelPeer> observe() throws IOException {
        var rows = new HashMap<WireGuardKey, TunnelPeer>();
        var names = desired.snapshot();
        states().forEach((peerKey, state) -> {
            var node = names.get(peerKey).map(TunnelPeer::node).orElse(new NodeId(UNKNOWN, peerKey.base64()));
            var peer = state.peer();
            rows.put(peerKey, new TunnelPeer(node, peer.endpoint().orElse(NOWHERE), peer.allowedIps()));
        });
        return rows;
    }

    @Override
    public void put(WireGuardKey peerKey, TunnelPeer peer) throws IOException {
        device.put(new WireGuardPeer(peerKey, Optional.of(peer.endpoint()), peer.allowed(), Duration.ZERO));
    }

    @Override
    public void remove(WireGuardKey peerKey) throws IOException {
        device.remove(peerKey);
    }
}
