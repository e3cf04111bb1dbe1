package dev.tombolo.model.bgp;

import dev.tombolo.model.label.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How routers are spoken to.
 *
 * @param sourceInterface the device whose address is the session's own; empty: the one that the route to the router has
 * @param hops TTL for routers of other systems
 * @param restartTime of graceful restart; empty: not offered
 * @param secret the name of the Secret with the password
 * @param families never empty
 */
public record BgpPeerConfig(
        String name,
        int peerPort,
        Optional<String> sourceInterface,
        Duration holdTime,
        int hops,
        Optional<Duration> restartTime,
        Optional<String> secret,
        List<Family> families,
        Optional<BfdTiming> bfd) {
    public static final int PORT = 179;
    public static final Duration HOLD_TIME = Duration.ofSeconds(90);

    /** Of a router that names none: both families, and nothing is advertised. */
    public static final BgpPeerConfig DEFAULT = new BgpPeerConfig(
            "",
            PORT,
            Optional.empty(),
            HOLD_TIME,
            1,
            Optional.empty(),
            Optional.empty(),
            Family.BOTH_WITHOUT_ROUTES,
            Optional.empty());

    public BgpPeerConfig {
        families = List.copyOf(families);
    }

    BgpPeerConfig with(Optional<BfdTiming> timing) {
        return new BgpPeerConfig(
                name, peerPort, sourceInterface, holdTime, hops, restartTime, secret, families, timing);
    }

    /**
     * A family that the session carries.
     *
     * @param advertisements labels of the advertisements that count; empty: none does
     */
    public record Family(BgpFamily family, Optional<LabelSelector> advertisements) {
        static final List<Family> BOTH_WITHOUT_ROUTES =
                List.of(new Family(BgpFamily.IPV4, Optional.empty()), new Family(BgpFamily.IPV6, Optional.empty()));
    }
}
