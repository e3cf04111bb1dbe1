package dev.tombolo.agent.node;

import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.model.node.WireGuardKey;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The WireGuard device as the agent needs it, whichever back end runs it. */
public interface TunnelDevice {
    /** {@code kernel} or {@code user space}. */
    String backend();

    /** Makes the device if this back end makes it, and gives it key and port if it has others. */
    void configure(byte[] privateKey, WireGuardKey publicKey, int port) throws IOException;

    /** Peers as they are; the node's name is not known to WireGuard and is filled in by the caller. */
    Map<WireGuardKey, TunnelPeer> peers() throws IOException;

    /** Changes only what differs: prefixes that stay are never taken away for a moment. */
    void put(WireGuardKey key, TunnelPeer peer) throws IOException;

    void remove(WireGuardKey key) throws IOException;

    /** How each peer is doing. */
    Map<WireGuardKey, Traffic> traffic() throws IOException;

    /** What went through the tunnel with one peer. */
    record Traffic(Optional<Instant> lastHandshake, long receivedBytes, long sentBytes) {}
}
