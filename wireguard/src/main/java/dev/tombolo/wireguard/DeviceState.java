package dev.tombolo.wireguard;

import dev.tombolo.model.node.WireGuardKey;
import java.util.Map;
import java.util.Optional;

/**
 * A device as it is.
 *
 * @param publicKey absent until a private key is set, as after a restart of user-space WireGuard
 */
public record DeviceState(Optional<WireGuardKey> publicKey, int port, Map<WireGuardKey, PeerState> peers) {
    public DeviceState {
        peers = Map.copyOf(peers);
    }
}
