package dev.tombolo.agent.egress.connections;

import java.util.Locale;

/** Why what the kernel remembers of a connection contradicts what the data path does with its packets. */
enum Staleness {
    /** It leaves under an address of the node, as before it was steered, so that the data path drops it. */
    STEERED_NOW,
    /** It leaves under the pod's own address, as while it was steered, so that our nft chain drops it. */
    STEERED_NO_MORE;

    /** As metrics have it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
