package dev.tombolo.agent.wiring;

import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.Route;
import java.io.IOException;

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
                    .flatMap(route -> route.hop() instanceof Hop.Gateway(var _, var device)
                            ? links.stream().filter(link -> link.name().equals(device))
                            : java.util.stream.Stream.<Link>empty())
                    .findFirst();
            return uplink.map(Link::mtu)
                    .orElseGet(() -> links.stream().mapToInt(Link::mtu).min().orElse(ETHERNET));
        }
    }
}
