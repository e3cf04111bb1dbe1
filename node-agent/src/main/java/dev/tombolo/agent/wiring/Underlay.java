package dev.tombolo.agent.wiring;

import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.Route;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** The network under the tunnel. */
final class Underlay {
    private static final int ETHERNET = 1_500;

    private Underlay() {}

    /** The MTU of the device of the default route, or the smallest of all that are up where there is none. */
    static int mtu(String tunnel) throws IOException {
        try (var netlink = Netlink.open()) {
            var links = netlink.links().list().stream()
                    .filter(link -> link.isUp()
                            && !link.name().equals("lo")
                            && !link.name().equals(tunnel))
                    .toList();
            var uplink = netlink.routes().list(Route.MAIN_TABLE).stream()
                    .filter(route -> route.destination().length() == 0)
                    .map(route -> mtu(route.hop(), links))
                    .filter(OptionalInt::isPresent)
                    .map(OptionalInt::getAsInt)
                    .findFirst();
            return uplink.orElseGet(
                    () -> links.stream().mapToInt(Link::mtu).min().orElse(ETHERNET));
        }
    }
    /** Of the smallest of several paths: which one a packet takes is the kernel's choice. */
    private static OptionalInt mtu(Hop hop, List<Link> links) {
        return switch (hop) {
            case Hop.Gateway(var _, var device) ->
                links.stream()
                        .filter(link -> link.name().equals(device))
                        .mapToInt(Link::mtu)
                        .min();
            case Hop.Multipath(var paths) ->
                paths.stream().flatMapToInt(path -> mtu(path, links).stream()).min();
            case Hop.Device _, Hop.Unreachable _, Hop.Other _ -> OptionalInt.empty();
        };
    }
}
