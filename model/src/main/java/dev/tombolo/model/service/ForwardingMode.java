package dev.tombolo.model.service;

import dev.tombolo.model.net.Protocol;
import java.util.Locale;
import java.util.Optional;

/** How packets of clients outside get to a backend on another node, and its answers back. */
public enum ForwardingMode {
    /** From an address of the node by which they come, and back through it. */
    SNAT,
    /** As they are, and back from the backend's node straight to the client. */
    DSR,
    /** TCP as with {@link #DSR}, datagrams as with {@link #SNAT}. */
    HYBRID;

    /** The setting's key, below {@code tombolo}. */
    public static final String SETTING = "load-balancer-mode";

    /** What a setting or an annotation has to be. */
    public static final String EXPECTED = "snat, dsr or hybrid";

    /** The setting where none is given. */
    public static final ForwardingMode DEFAULT = SNAT;

    public static Optional<ForwardingMode> tryParse(String setting) {
        return switch (setting.strip().toLowerCase(Locale.ROOT)) {
            case "snat" -> Optional.of(SNAT);
            case "dsr" -> Optional.of(DSR);
            case "hybrid" -> Optional.of(HYBRID);
            default -> Optional.empty();
        };
    }

    /** As it is written into settings. */
    public String setting() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the backend's node answers clients itself. */
    public boolean isDirect(Protocol protocol) {
        return this == DSR || this == HYBRID && protocol == Protocol.TCP;
    }
}
