package dev.tombolo.agent.path;

import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Family;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Netlink;
import dev.tombolo.netlink.Route;
import dev.tombolo.netlink.Rule;
import dev.tombolo.reconciler.loop.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

/**
 * Our routing table and the rule that looks into it. Each range is there twice: into the tunnel, and unreachable at a
 * worse metric, so that without the device a packet ends here and not in the default route.
 */
public final class KernelRoutes implements Target<Prefix, TunnelRoute> {
    public static final int TABLE = 7_100;
    /** Before the main table (32766), after the local one (0). */
    public static final int RULE_PRIORITY = 7_100;

    private static final int CLOSED_METRIC = 4_278_198;
    private final Netlink netlink;

    public KernelRoutes(Netlink netlink) {
        this.netlink = netlink;
    }

    @Override
    public Map<Prefix, TunnelRoute> observe() throws IOException {
        ensureRule(Family.V4);
        var closed = new HashSet<Prefix>();
        var open = new HashMap<Prefix, TunnelRoute>();
        for (Route route : netlink.routes().list(TABLE)) {
            switch (route.hop()) {
                case Hop.Unreachable() -> closed.add(route.destination());
                case Hop.Device(var name) ->
                    open.put(route.destination(), new TunnelRoute(name, route.source(), route.mtu()));
                case Hop.Gateway _, Hop.Multipath _, Hop.Other _ -> {}
            }
        }
        var rows = new HashMap<Prefix, TunnelRoute>();
        // A range that is only open, or only closed, shows as a row that nobody wants: it is put again or removed.
        closed.forEach(range -> rows.put(range, open.getOrDefault(range, new TunnelRoute("", Optional.empty(), 0))));
        open.forEach((range, _) -> rows.putIfAbsent(range, new TunnelRoute("", Optional.empty(), 0)));
        return rows;
    }

    @Override
    public void put(Prefix range, TunnelRoute route) throws IOException {
        if (!range.isV4()) {
            // Not at the start: the kernel may have no IPv6, and then there are no such ranges either.
            ensureRule(Family.V6);
        }
        netlink.routes().replace(Route.unreachable(range, TABLE, CLOSED_METRIC));
        if (route.source().isPresent()) {
            netlink.routes()
                    .replace(Route.device(range, route.device(), TABLE)
                            .withSource(route.source().get())
                            .withMtu(route.mtu()));
        }
    }

    @Override
    public void remove(Prefix range) throws IOException {
        for (Route route : netlink.routes().list(TABLE)) {
            if (route.destination().equals(range)) {
                netlink.routes().delete(route);
            }
        }
    }

    private void ensureRule(Family family) throws IOException {
        var rule = Rule.lookup(family, RULE_PRIORITY, TABLE);
        if (!netlink.rules().list().contains(rule)) {
            netlink.rules().add(rule);
        }
    }

    /** Takes the table and the rule away. */
    public void removeAll() throws IOException {
        removeAll(netlink, TABLE);
    }

    /** Takes a table away, and the rules that look into it. */
    public static void removeAll(Netlink netlink, int table) throws IOException {
        for (Rule rule : netlink.rules().list()) {
            if (rule.table() == table) {
                netlink.rules().delete(rule);
            }
        }
        for (Route route : netlink.routes().list(table)) {
            netlink.routes().delete(route);
        }
    }
}
