package dev.tombolo.model.bgp.view;

import dev.tombolo.model.bgp.view.RouteView.Reason;
import dev.tombolo.model.view.ViewLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node tells routers, as its agent says.
 *
 * @param problem why it is not as it should be, whatever router is meant; empty where nothing is in the way
 * @param leftOut routes that were asked for and are too many
 * @param withheldLeftOut the same of what is withheld
 */
public record RoutesView(
        String node,
        String problem,
        List<RouterView> routers,
        List<RouteView> routes,
        int leftOut,
        List<WithheldView> withheld,
        int withheldLeftOut) {
    private static final String NODE = "node";
    private static final String ROUTER = "router";
    private static final String ROUTE = "route";
    private static final String REASON = "reason";
    private static final String WITHHELD = "withheld";
    private static final int FIELDS = 5;

    public RoutesView {
        routers = List.copyOf(routers);
        routes = List.copyOf(routes);
        withheld = List.copyOf(withheld);
    }

    /** Of a node that has nothing to do with routers. */
    public static RoutesView none(String node, String problem) {
        return new RoutesView(node, problem, List.of(), List.of(), 0, List.of(), 0);
    }

    /** As an agent's command prints it for the command line to read: each route with its reasons behind it. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(ViewLine.of(NODE, node, problem, Integer.toString(leftOut), Integer.toString(withheldLeftOut)));
        routers.forEach(router -> lines.add(ROUTER + "\t" + router.line()));
        for (var route : routes) {
            lines.add(ROUTE + "\t" + route.line());
            route.reasons().forEach(reason -> lines.add(ViewLine.of(REASON, reason.advertisement(), reason.subject())));
        }
        withheld.forEach(some -> lines.add(WITHHELD + "\t" + some.line()));
        return lines;
    }

    /** Reads what {@link #lines} wrote; empty for anything else. */
    public static Optional<RoutesView> parse(List<String> lines) {
        try {
            return lines.isEmpty() ? Optional.empty() : Optional.of(new Reading().read(lines));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static final class Reading {
        private final List<RouterView> routers = new ArrayList<>();
        private final List<RouteView> routes = new ArrayList<>();
        private final List<WithheldView> withheld = new ArrayList<>();

        RoutesView read(List<String> lines) {
            var first = ViewLine.fields(lines.getFirst());
            ViewLine.expect(first, FIELDS);
            if (!first.getFirst().equals(NODE)) {
                throw new IllegalArgumentException("read " + first + ", expected a node");
            }
            lines.subList(1, lines.size()).forEach(this::line);
            return new RoutesView(
                    first.get(1),
                    first.get(2),
                    routers,
                    routes,
                    Integer.parseInt(first.get(3)),
                    withheld,
                    Integer.parseInt(first.get(4)));
        }

        private void line(String line) {
            var fields = ViewLine.fields(line);
            var rest = fields.subList(1, fields.size());
            switch (fields.getFirst()) {
                case ROUTER -> routers.add(RouterView.of(rest));
                case ROUTE -> routes.add(RouteView.of(rest));
                case REASON -> reason(rest);
                case WITHHELD -> withheld.add(WithheldView.of(rest));
                default -> throw new IllegalArgumentException("read " + line);
            }
        }

        private void reason(List<String> fields) {
            ViewLine.expect(fields, 2);
            if (routes.isEmpty()) {
                throw new IllegalArgumentException("a reason without a route: " + fields);
            }
            var route = routes.removeLast();
            var reasons = new ArrayList<>(route.reasons());
            reasons.add(new Reason(fields.get(0), fields.get(1)));
            routes.add(route.with(reasons));
        }
    }
}
