package dev.tombolo.agent.path;

import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One route for each remote range; the target closes each range at a worse metric too. */
public final class RoutePlan {
    private RoutePlan() {}

    /**
     * Routes with the MTU of the device, or less where a path into the range was measured to carry less. A range of a
     * family of which the tunnel has no address is only closed.
     *
     * @param measured the largest packet that arrives at each pod range that a node owns
     */
    public static Map<Prefix, TunnelRoute> routes(
            List<Prefix> remoteRanges, OwnTunnel own, Map<Prefix, Integer> measured) {
        var routes = new TreeMap<Prefix, TunnelRoute>();
        for (Prefix range : remoteRanges) {
            int mtu = measured.entrySet().stream()
                    .filter(path -> path.getKey().overlaps(range))
                    .mapToInt(Map.Entry::getValue)
                    .reduce(own.mtu(), Math::min);
            var source = own.address().filter(address -> address.isV4() == range.isV4());
            routes.put(range, new TunnelRoute(own.device(), source, mtu));
        }
        return routes;
    }
}
