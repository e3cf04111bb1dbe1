package dev.tombolo.cli.bgp;

import dev.tombolo.model.bgp.view.RouteView;
import dev.tombolo.model.bgp.view.RouterView;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.bgp.view.WithheldView;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What nodes say that they tell routers.
 *
 * @param nodes in order
 * @param silent nodes that could not be asked, and why
 */
record BgpRoutes(List<RoutesView> nodes, Map<String, String> silent) {
    private static final String ESTABLISHED = "established";

    BgpRoutes {
        nodes = List.copyOf(nodes);
        silent = Collections.unmodifiableSortedMap(new TreeMap<>(silent));
    }

    /** Something, and whose it is. */
    record Of<T>(String node, T what) {}

    List<Of<RouteView>> routes() {
        return nodes.stream()
                .flatMap(node -> node.routes().stream().map(route -> new Of<>(node.node(), route)))
                .toList();
    }

    List<Of<RouterView>> routers() {
        return nodes.stream()
                .flatMap(node -> node.routers().stream().map(router -> new Of<>(node.node(), router)))
                .toList();
    }

    List<Of<RouterView>> down() {
        return routers().stream()
                .filter(router -> !router.what().state().equals(ESTABLISHED))
                .toList();
    }

    List<Of<WithheldView>> withheld() {
        return nodes.stream()
                .flatMap(node -> node.withheld().stream().map(some -> new Of<>(node.node(), some)))
                .toList();
    }

    int told() {
        return (int) routes().stream().filter(route -> route.what().isTold()).count();
    }

    /** Whether all that is asked about is told; what is withheld may well be so on purpose. */
    boolean isFine() {
        return silent.isEmpty()
                && down().isEmpty()
                && nodes.stream().allMatch(node -> node.problem().isEmpty())
                && told() == routes().size();
    }
}
