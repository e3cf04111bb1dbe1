package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a router is never told, because it would refuse it, lose the session over it, or lose its way. */
final class RouteGuard {
    private static final List<Prefix> NOBODYS = Stream.of(
                    "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/8", "fe80::/10", "ff00::/8")
            .map(Prefix::parse)
            .toList();

    private RouteGuard() {}

    /** Why not; empty where it may be told. */
    static Optional<String> refusal(Prefix prefix, Optional<IpAddress> nextHop, IpAddress router) {
        var nobodys = NOBODYS.stream()
                .filter(other -> other.isV4() == prefix.isV4() && other.overlaps(prefix))
                .findFirst();
        if (nobodys.isPresent()) {
            return Optional.of("it would be a route to addresses of " + nobodys.get());
        }
        if (nextHop.isEmpty()) {
            return Optional.of("this node has no " + BgpFamily.of(prefix).afi() + " address to send packets to");
        }
        if (prefix.equals(Prefix.host(nextHop.get()))) {
            return Optional.of("packets for it would be sent to itself: it is the address that routes lead to");
        }
        return prefix.equals(Prefix.host(router)) ? Optional.of("it is the router's own address") : Optional.empty();
    }
}
