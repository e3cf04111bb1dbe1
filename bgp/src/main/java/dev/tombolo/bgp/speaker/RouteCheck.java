package dev.tombolo.bgp.speaker;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.PathAttributes;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Optional;

/**
 * Finds the routes that end a session: a router answers them with a NOTIFICATION (RFC 4271, 6.3), and since they are
 * told again in the next session, for ever.
 */
public final class RouteCheck {
    /** Beyond this a message of 4096 bytes (RFC 4271, 4) has no room for a prefix. */
    private static final int MOST_IN_A_PATH = 200;

    private static final int MOST_COMMUNITIES = 200;

    private RouteCheck() {}

    /** What is wrong with a route whatever its peer; a sentence. */
    public static Optional<String> problem(Prefix prefix, PathAttributes attributes) {
        var hop = attributes.nextHop();
        if (hop.isUnspecified() || hop.isMulticast() || hop.isLoopback() || isReserved(hop)) {
            return Optional.of("next hop " + hop + " is not an address that packets can be sent to");
        }
        if (hop.isLinkLocal()) {
            return Optional.of("next hop " + hop + " means something on one link only");
        }
        if (isNoDestination(prefix)) {
            return Optional.of(prefix + " is no destination that routers take");
        }
        if (!prefix.isV4() && hop.isV4()) {
            return Optional.of("next hop " + hop + " of " + prefix + " is not IPv6");
        }
        if (attributes.prepended().size() > MOST_IN_A_PATH
                || attributes.communities().size() > MOST_COMMUNITIES) {
            return Optional.of("more attributes than fit into a message");
        }
        return Optional.empty();
    }

    /** What is wrong with a route for this peer. */
    public static Optional<String> problem(BgpPeer peer, Prefix prefix, PathAttributes attributes) {
        var family = BgpFamily.of(prefix);
        if (!peer.families().contains(family)) {
            return Optional.of(prefix + " is " + family + ", which the peer is not to be told of");
        }
        if (attributes.nextHop().equals(peer.peerAddress())) {
            return Optional.of("next hop " + attributes.nextHop() + " is the peer itself");
        }
        return Optional.empty();
    }

    /** What is wrong with a route in a session that came out so. */
    public static Optional<String> problem(Negotiated session, Prefix prefix, PathAttributes attributes) {
        var family = BgpFamily.of(prefix);
        if (!session.families().contains(family)) {
            return Optional.of("the peer does not take " + family);
        }
        if (prefix.isV4() && !attributes.nextHop().isV4() && !session.v4ByV6()) {
            return Optional.of("the peer does not take IPv6 next hops of IPv4 prefixes");
        }
        return Optional.empty();
    }

    private static boolean isReserved(IpAddress hop) {
        return hop.isV4() && ((hop.v4Bits() >>> 24) == 0 || (hop.v4Bits() >>> 28) == 0xF);
    }

    private static boolean isNoDestination(Prefix prefix) {
        var address = prefix.address();
        if (prefix.isV4()) {
            return prefix.length() > 0 && (address.isMulticast() || address.isLoopback() || isReserved(address));
        }
        // ::/64 holds loopback, the v4-mapped addresses and nothing that is routed; the default route is not of it.
        boolean reserved = prefix.length() >= 8 && address.high() == 0;
        return reserved || address.isMulticast() || address.isLinkLocal();
    }
}
