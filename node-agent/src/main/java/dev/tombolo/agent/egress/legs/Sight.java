package dev.tombolo.agent.egress.legs;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Route;
import dev.tombolo.netlink.nft.ForwardPolicy;
import java.util.Map;
import java.util.Optional;

/** What was seen of the node; what could not be read is missing. */
record Sight(
        Map<String, Link> links,
        Map<String, Integer> settings,
        Map<RouteQuestion, Optional<Route>> routes,
        Map<String, Tunnel> tunnels,
        Map<String, ForwardPolicy> forward) {
    Sight {
        links = Map.copyOf(links);
        settings = Map.copyOf(settings);
        routes = Map.copyOf(routes);
        tunnels = Map.copyOf(tunnels);
        forward = Map.copyOf(forward);
    }

    /** @param by only routes by this device; empty for any */
    record RouteQuestion(IpAddress to, Optional<String> by) {}

    /**
     * The WireGuard behind a device.
     *
     * @param isBehind whether there is one that has our key
     * @param lastHandshake when, as text; empty where there was none
     * @param isRecent whether that handshake is one that still counts
     * @param under the device by which its packets leave, once they do
     */
    record Tunnel(boolean isBehind, Optional<String> lastHandshake, boolean isRecent, Optional<String> under) {
        static final Tunnel NOBODY = new Tunnel(false, Optional.empty(), false, Optional.empty());
    }

    Optional<Link> link(String device) {
        return Optional.ofNullable(links.get(device));
    }

    Optional<Integer> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }
}
