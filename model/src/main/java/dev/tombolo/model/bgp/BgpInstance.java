package dev.tombolo.model.bgp;

import dev.tombolo.model.net.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * One that speaks.
 *
 * @param localAsn empty where nodes say it themselves
 */
public record BgpInstance(String name, Optional<Asn> localAsn, List<Router> routers) {
    public BgpInstance {
        routers = List.copyOf(routers);
    }

    /**
     * Whom it speaks to.
     *
     * @param peerConfig the name of the CiliumBGPPeerConfig; without it defaults count
     */
    public record Router(String name, Place place, Asn asn, Optional<String> peerConfig) {}

    /** Where a router is. */
    public sealed interface Place {
        record At(IpAddress address) implements Place {}

        /** At the gateway of the best default route of that family. */
        record DefaultGateway(BgpFamily family) implements Place {}
    }
}
