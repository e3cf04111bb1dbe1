package dev.tombolo.cli.bgp;

import dev.tombolo.cli.bgp.BgpRoutes.Of;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.bgp.view.RouteView;
import dev.tombolo.model.bgp.view.RouterView;
import dev.tombolo.model.bgp.view.RoutesView;
import dev.tombolo.model.bgp.view.WithheldView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;

/** Routes to programs. */
final class BgpRoutesDocument {
    private BgpRoutesDocument() {}

    static Map<String, Object> of(BgpRoutes all) {
        var document = new LinkedHashMap<String, Object>();
        document.put("fine", all.isFine());
        document.put("told", all.told());
        document.put(
                "routes", all.routes().stream().map(BgpRoutesDocument::route).toList());
        document.put(
                "withheld",
                all.withheld().stream().map(BgpRoutesDocument::withheld).toList());
        document.put(
                "sessions",
                all.routers().stream().map(BgpRoutesDocument::router).toList());
        document.put("left_out", sum(all, RoutesView::leftOut));
        document.put("withheld_left_out", sum(all, RoutesView::withheldLeftOut));
        document.put("problems", problems(all));
        return document;
    }

    private static int sum(BgpRoutes all, ToIntFunction<RoutesView> count) {
        return all.nodes().stream().mapToInt(count).sum();
    }

    private static Map<String, Object> route(Of<RouteView> route) {
        var view = route.what();
        var attributes = view.attributes();
        var document = new LinkedHashMap<String, Object>();
        document.put("node", route.node());
        put(document, Optional.of(view.peer()));
        document.put("prefix", view.prefix().toString());
        document.put("state", word(view.state()));
        document.put("standby", view.standby());
        document.put("next_hop", attributes.nextHop());
        document.put("med", number(attributes.med()));
        document.put("local_preference", number(attributes.localPreference()));
        document.put(
                "prepended", attributes.prepended().stream().map(Long::valueOf).toList());
        document.put("communities", attributes.communities());
        document.put(
                "asked_for_by",
                view.reasons().stream().map(BgpRoutesDocument::reason).toList());
        document.put("why", known(view.why()));
        return document;
    }

    private static Map<String, Object> reason(RouteView.Reason reason) {
        var document = new LinkedHashMap<String, Object>();
        document.put("advertisement", reason.advertisement());
        document.put("subject", reason.subject());
        return document;
    }

    private static Map<String, Object> withheld(Of<WithheldView> withheld) {
        var view = withheld.what();
        var document = new LinkedHashMap<String, Object>();
        document.put("node", withheld.node());
        put(document, view.peer());
        document.put("advertisement", view.advertisement());
        document.put("subject", view.subject());
        document.put("why", view.why());
        return document;
    }

    private static Map<String, Object> router(Of<RouterView> router) {
        var view = router.what();
        var document = new LinkedHashMap<String, Object>();
        document.put("node", router.node());
        put(document, Optional.of(view.id()));
        document.put("peer_address", view.address());
        document.put("peer_asn", view.asn());
        document.put("state", view.state());
        document.put("since", known(view.since()));
        document.put("reason", known(view.reason()));
        return document;
    }

    private static void put(Map<String, Object> document, Optional<PeerId> peer) {
        document.put("instance", peer.map(PeerId::instance).orElse(null));
        document.put("peer", peer.map(PeerId::peer).orElse(null));
    }

    private static List<Map<String, Object>> problems(BgpRoutes all) {
        var problems = new ArrayList<Map<String, Object>>();
        all.silent().forEach((node, why) -> problems.add(problem(node, why)));
        all.nodes().stream()
                .filter(node -> !node.problem().isEmpty())
                .forEach(node -> problems.add(problem(node.node(), node.problem())));
        return problems;
    }

    private static Map<String, Object> problem(String node, String what) {
        var document = new LinkedHashMap<String, Object>();
        document.put("node", node);
        document.put("what", what);
        return document;
    }

    static Long number(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    static String word(RouteView.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String known(String text) {
        return text.isEmpty() ? null : text;
    }
}
