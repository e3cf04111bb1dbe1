package dev.tombolo.agent.egress.network;

import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Route;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * This node's devices, addresses and routes, as they were read last.
 *
 * @param routes of the main table
 * @param otherRoutes to routers and everywhere, of all other tables: rules of the administrator may lead there
 */
public record NodeNetwork(
        List<Link> links, List<InterfaceAddress> addresses, List<Route> routes, List<Route> otherRoutes) {
    private static final Prefix UNIQUE_LOCAL = Prefix.parse("fc00::/7");

    public NodeNetwork {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        otherRoutes = List.copyOf(otherRoutes);
    }

    /** Without routes in other tables. */
    public NodeNetwork(List<Link> links, List<InterfaceAddress> addresses, List<Route> routes) {
        this(links, addresses, routes, List.of());
    }

    /**
     * An address that packets can leave with.
     *
     * @param shared whether the node's own programs send with it too
     */
    public record Held(IpAddress address, Link link, boolean shared) {}

    /** A device by its name. */
    public Optional<Link> link(String device) {
        return links.stream().filter(link -> link.name().equals(device)).findFirst();
    }

    /** What a gateway's address is on this node now; empty where it has none. */
    public Optional<Held> held(EgressAddress wanted, boolean v4) {
        return switch (wanted) {
            case EgressAddress.Fixed(var address) ->
                addresses.stream()
                        .filter(own -> own.address().equals(address) && address.isV4() == v4)
                        .findFirst()
                        .flatMap(this::held);
            case EgressAddress.OfPool _ -> Optional.empty();
            case EgressAddress.OfInterface(var device) -> first(device, v4).flatMap(this::held);
            case EgressAddress.OfDefaultRoute() ->
                uplinks(v4)
                        .flatMap(device -> first(device, v4).stream())
                        .findFirst()
                        .flatMap(this::held);
        };
    }

    /** Which of its IPv6 addresses a program gets depends on where it sends to. */
    private Optional<Held> held(InterfaceAddress own) {
        boolean shared = own.address().isV4() ? first(own.device(), true).equals(Optional.of(own)) : own.preferred();
        return link(own.device()).map(link -> new Held(own.address(), link, shared));
    }

    /**
     * Floating addresses are of the policies that name them, and come and go. The kernel lists its latest IPv6 address
     * first; one that is added must not be another egress address.
     */
    private Optional<InterfaceAddress> first(String device, boolean v4) {
        return addresses.stream()
                .filter(own -> !FloatingMark.isOn(own) && own.preferred())
                .filter(own -> own.device().equals(device))
                .filter(own -> own.address().isV4() == v4 && !own.address().isLinkLocal())
                .reduce((one, next) -> v4 ? one : earlier(next, one));
    }

    /** One of a network that the world does not know comes last. */
    private static InterfaceAddress earlier(InterfaceAddress one, InterfaceAddress later) {
        return UNIQUE_LOCAL.contains(one.address()) && !UNIQUE_LOCAL.contains(later.address()) ? later : one;
    }

    /** The devices of default routes. */
    public Set<String> uplinks() {
        var devices = new HashSet<String>();
        Stream.of(true, false).forEach(v4 -> uplinks(v4).forEach(devices::add));
        return devices;
    }

    /**
     * The devices of networks and routers: all but those that lead to one address, or no further than their own link. Every
     * device has an IPv6 network of its link, also a bridge's port to a pod, which must not be heard about who has what.
     */
    public Set<String> ways() {
        var devices = new HashSet<String>();
        routes.stream()
                .filter(route -> route.hop() instanceof Hop.Gateway
                        || route.hop() instanceof Hop.Multipath
                        || !route.destination().isHost() && !isOfLink(route))
                .flatMap(NodeNetwork::devices)
                .forEach(devices::add);
        return devices;
    }

    /** Of IPv4, or else of IPv6. */
    public boolean hasDefaultRoute(boolean v4) {
        return uplinks(v4).findAny().isPresent();
    }

    /** Whether a device leads to some of a range, by whatever table. */
    public boolean leads(String device, Prefix range) {
        return Stream.concat(routes.stream(), otherRoutes.stream())
                .filter(route -> route.destination().contains(range) || isPart(route.destination(), range))
                .flatMap(NodeNetwork::devices)
                .anyMatch(device::equals);
    }

    /** The node's own network is no part of the world that counts. */
    private static boolean isPart(Prefix destination, Prefix range) {
        return range.contains(destination) && (range.length() > 0 || destination.length() == 1);
    }

    private static boolean isOfLink(Route route) {
        return !route.destination().isV4() && route.destination().address().isLinkLocal();
    }

    private Stream<String> uplinks(boolean v4) {
        return routes.stream()
                .filter(route ->
                        route.destination().length() == 0 && route.destination().isV4() == v4)
                .sorted(Comparator.comparingInt(Route::metric))
                .flatMap(NodeNetwork::devices);
    }

    /** The addresses that Tombolo put there. */
    public Set<IpAddress> floating() {
        return addresses.stream()
                .filter(FloatingMark::isOn)
                .map(InterfaceAddress::address)
                .collect(Collectors.toSet());
    }

    /** The device whose network contains an address, or else that of the default route. */
    public Optional<String> deviceToward(IpAddress address) {
        return routes.stream()
                .filter(route -> route.hop() instanceof Hop.Device
                        && !route.destination().isHost())
                .filter(route -> route.destination().contains(address))
                .max(Comparator.comparingInt(route -> route.destination().length()))
                .flatMap(route -> devices(route).findFirst())
                .or(() -> uplinks(address.isV4()).findFirst());
    }

    /** The device by which an address of this node's pods is reached, and sends. */
    public Optional<String> deviceOf(IpAddress pod) {
        return routes.stream()
                .filter(route ->
                        route.hop() instanceof Hop.Device && route.destination().contains(pod))
                .max(Comparator.comparingInt(route -> route.destination().length()))
                .flatMap(route -> devices(route).findFirst());
    }

    private static Stream<String> devices(Route route) {
        return route.hop().devices();
    }
}
