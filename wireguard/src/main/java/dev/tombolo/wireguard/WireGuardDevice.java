package dev.tombolo.wireguard;

import dev.tombolo.model.node.WireGuardKey;
import java.io.IOException;
import java.util.Optional;

/** A WireGuard device, by the kernel or in user space. Safe for use by many threads; one process changes it. */
public sealed interface WireGuardDevice permits KernelWireGuard, UserspaceWireGuard {
    String name();

    /** Empty where there is no such device, or no process behind it. */
    Optional<DeviceState> read() throws IOException;

    /** Sets key and port; what is so already is not touched, and peers are kept. */
    void configure(PrivateKey privateKey, int port) throws IOException;

    /**
     * Makes one peer so, changing only the difference. An allowed IP that another peer has moves here in one step; one
     * that no peer shall have is taken away without disturbing the rest (see {@link PeerDelta}).
     */
    void put(WireGuardPeer peer) throws IOException;

    /** Removes a peer; an absent one is success. */
    void remove(WireGuardKey publicKey) throws IOException;
}
