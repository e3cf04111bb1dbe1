package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the kernel of this node knows of its networks.
 *
 * @param interfaces addresses of the devices that are up, or whose state is unknown as of those that have no carrier, in the
 *     kernel's order
 * @param routes of the main table
 */
public record NodeNetwork(Map<String, List<IpAddress>> interfaces, List<Route> routes) {
    /** The kernel's own choice: the longest, then the lowest metric; the rest is for a choice that is always the same. */
    private static final Comparator<Route> BEST = Comparator.comparingInt(
                    (Route route) -> -route.destination().length())
            .thenComparingInt(Route::metric)
            .thenComparing(Route::device)
            .thenComparing(route -> route.gateway().map(IpAddress::toString).orElse(""));

    public NodeNetwork {
        interfaces = Map.copyOf(interfaces);
        routes = List.copyOf(routes);
    }

    /**
     * A route.
     *
     * @param gateway empty for what is on the link
     * @param source the address that the route prefers for what this node sends
     */
    public record Route(
            Prefix destination, Optional<IpAddress> gateway, String device, Optional<IpAddress> source, int metric) {}

    /** Of the default route that is used; one without a gateway, or with one of its link only, is none. */
    Optional<IpAddress> defaultGateway(BgpFamily family) {
        return routes.stream()
                .filter(route -> route.destination().length() == 0 && BgpFamily.of(route.destination()) == family)
                .min(BEST)
                .flatMap(Route::gateway)
                .filter(gateway -> !gateway.isLinkLocal());
    }

    /** The address that a packet to there leaves with. */
    Optional<IpAddress> sourceTo(IpAddress there) {
        return routes.stream()
                .filter(route -> route.destination().contains(there))
                .min(BEST)
                .flatMap(route -> route.source()
                        .filter(source -> source.isV4() == there.isV4())
                        .or(() -> on(route.device(), family(there))));
    }

    /** The first of a device that others can reach. */
    Optional<IpAddress> on(String device, BgpFamily family) {
        var reachable = interfaces.getOrDefault(device, List.of()).stream()
                .filter(NodeNetwork::canBeReached)
                .toList();
        return first(reachable, family);
    }

    /** Of the device that has the other address. */
    Optional<IpAddress> beside(IpAddress address, BgpFamily family) {
        return interfaces.entrySet().stream()
                .filter(device -> device.getValue().contains(address))
                .map(Map.Entry::getKey)
                .sorted()
                .flatMap(device -> on(device, family).stream())
                .findFirst();
    }

    static Optional<IpAddress> first(List<IpAddress> addresses, BgpFamily family) {
        return addresses.stream().filter(address -> family(address) == family).findFirst();
    }

    static BgpFamily family(IpAddress address) {
        return address.isV4() ? BgpFamily.IPV4 : BgpFamily.IPV6;
    }

    static boolean canBeReached(IpAddress address) {
        return !address.isLoopback() && !address.isLinkLocal() && !address.isMulticast() && !address.isUnspecified();
    }
}
