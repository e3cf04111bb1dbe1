package dev.tombolo.cli.bgp;

import dev.tombolo.cli.bgp.BgpRoutes.Of;
import dev.tombolo.cli.output.Plural;
import dev.tombolo.model.bgp.view.RouteView;
import dev.tombolo.model.bgp.view.RouterView;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.bgp.view.WithheldView;
import dev.tombolo.reconciler.table.Columns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** Routes to people: how many are told, then each, then what is missing and why. */
final class BgpRoutesText {
    private BgpRoutesText() {}

    static String of(BgpRoutes all) {
        var text = new StringBuilder(answer(all)).append('\n');
        var routes = all.routes();
        if (!routes.isEmpty()) {
            text.append('\n').append(columns(routes).text(routes));
        }
        all.silent().forEach((node, why) -> text.append("\n❌ node " + node + ": " + why + "\n"));
        all.nodes().stream()
                .filter(node -> !node.problem().isEmpty())
                .forEach(node -> text.append("\n❌ node " + node.node() + ": " + node.problem() + "\n"));
        all.down().forEach(router -> text.append(down(router)));
        withheld(all.withheld()).forEach(alike -> text.append(withheld(alike.getFirst(), alike.size() - 1)));
        all.nodes().forEach(node -> text.append(leftOut(node)));
        return text.toString();
    }

    private static String answer(BgpRoutes all) {
        if (all.nodes().isEmpty() && all.silent().isEmpty()) {
            return "No node speaks BGP";
        }
        String where = " in " + Plural.of(all.routers().size(), "session") + " of "
                + Plural.of(all.nodes().size(), "node");
        int shown = all.routes().size();
        String mark = all.isFine() ? "✅ " : "❌ ";
        return shown == all.told()
                ? mark + Plural.of(shown, "route") + " told" + where
                : mark + all.told() + " of " + Plural.of(shown, "route") + " told" + where;
    }

    /** Columns that mostly are empty are there where they say something. */
    private static Columns<Of<RouteView>> columns(List<Of<RouteView>> routes) {
        var columns = Columns.<Of<RouteView>>none()
                .with("Node", Of::node)
                .with("Peer", route -> route.what().peer())
                .with("Prefix", route -> route.what().prefix())
                .with("State", route -> state(route.what()))
                .with("Next hop", route -> route.what().attributes().nextHop())
                .with(
                        "MED",
                        route -> BgpRoutesDocument.number(
                                route.what().attributes().med()))
                .with("Prepended", route -> list(route.what().attributes().prepended()))
                .with("Communities", route -> list(route.what().attributes().communities()));
        if (routes.stream()
                .anyMatch(route -> route.what().attributes().localPreference().isPresent())) {
            columns = columns.with(
                    "Preference",
                    route -> BgpRoutesDocument.number(route.what().attributes().localPreference()));
        }
        columns = columns.with("Asked for by", route -> reasons(route.what()));
        return routes.stream().anyMatch(route -> !route.what().why().isEmpty())
                ? columns.with("Why", route -> route.what().why())
                : columns;
    }

    private static String state(RouteView route) {
        return BgpRoutesDocument.word(route.state()) + (route.standby() ? ", standby" : "");
    }

    private static String list(List<String> some) {
        return String.join(" ", some);
    }

    private static String reasons(RouteView route) {
        return route.reasons().stream()
                .map(reason -> reason.advertisement() + ": " + reason.subject())
                .collect(Collectors.joining("; "));
    }

    private static String down(Of<RouterView> router) {
        var view = router.what();
        String why = view.reason().isEmpty() ? "" : ": " + view.reason();
        return "\n❌ node " + router.node() + " tells " + view.id() + " (" + view.address()
                + ") nothing: the session is " + view.state() + why + "\n   💡 tombolo bgp peers --node "
                + router.node() + "\n";
    }

    /** The same of several nodes is said once. */
    private static List<List<Of<WithheldView>>> withheld(List<Of<WithheldView>> all) {
        return List.copyOf(all.stream()
                .collect(Collectors.groupingBy(Of::what, LinkedHashMap::new, Collectors.toList()))
                .values());
    }

    private static String withheld(Of<WithheldView> first, int more) {
        var view = first.what();
        return "\n⚠️  " + view.subject() + " is not told"
                + view.peer().map(peer -> " to " + peer).orElse("") + " by node " + first.node()
                + (more == 0 ? "" : " and " + more + " more") + ": " + view.why() + "\n   by CiliumBGPAdvertisement "
                + view.advertisement() + "\n";
    }

    private static String leftOut(RoutesView node) {
        if (node.leftOut() + node.withheldLeftOut() == 0) {
            return "";
        }
        return "\n⚠️  node %s has %s and %d withheld more that are not shown\n   💡 name a --peer or a --vip, or more by --limit\n"
                .formatted(node.node(), Plural.of(node.leftOut(), "route"), node.withheldLeftOut());
    }
}
