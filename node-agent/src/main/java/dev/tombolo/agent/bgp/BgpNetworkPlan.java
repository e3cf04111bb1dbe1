package dev.tombolo.agent.bgp;

import dev.tombolo.agent.egress.network.NodeNetwork;
import dev.tombolo.bgp.plan.NodeNetwork.Route;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.InterfaceAddress;
import dev.tombolo.netlink.Link;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The node's network as sessions are planned from it. */
final class BgpNetworkPlan {
    private BgpNetworkPlan() {}

    static dev.tombolo.bgp.plan.NodeNetwork network(NodeNetwork network) {
        return new dev.tombolo.bgp.plan.NodeNetwork(
                interfaces(network),
                network.routes().stream().flatMap(BgpNetworkPlan::routes).toList());
    }

    /** Of the devices that are up. */
    static Map<String, List<IpAddress>> interfaces(NodeNetwork network) {
        var interfaces = new TreeMap<String, List<IpAddress>>();
        network.links().stream()
                .filter(Link::isUp)
                .forEach(link -> interfaces.put(
                        link.name(),
                        network.addresses().stream()
                                .filter(own -> own.device().equals(link.name()))
                                .map(InterfaceAddress::address)
                                .toList()));
        return interfaces;
    }

    /** One for each way; what leads nowhere is none. */
    private static Stream<Route> routes(dev.tombolo.netlink.Route route) {
        return ways(route.hop())
                .map(hop -> new Route(
                        route.destination(),
                        hop instanceof Hop.Gateway gateway ? Optional.of(gateway.address()) : Optional.empty(),
                        hop.devices().findFirst().orElse(""),
                        route.source(),
                        route.metric()));
    }

    private static Stream<Hop> ways(Hop hop) {
        return switch (hop) {
            case Hop.Multipath multipath -> multipath.paths().stream().flatMap(BgpNetworkPlan::ways);
            case Hop.Device device -> Stream.of(device);
            case Hop.Gateway gateway -> Stream.of(gateway);
            case Hop.Unreachable _, Hop.Other _ -> Stream.empty();
        };
    }
}
