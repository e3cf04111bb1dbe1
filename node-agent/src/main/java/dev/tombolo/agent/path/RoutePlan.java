package dev.tombolo.agent.path;

import dev.tombolo.model.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One route for each remote range; the target closes each range at a worse metric too. */
public final class RoutePlan {
    private RoutePlan() {}

    public static Map<Prefix, TunnelRoute> routes(List<Prefix> remoteRanges, OwnTunnel own) {
        var routes = new TreeMap<Prefix, TunnelRoute>();
        remoteRanges.forEach(range -> routes.put(range, new TunnelRoute(own.device(), own.address(), own.mtu())));
        return routes;
    }
}
