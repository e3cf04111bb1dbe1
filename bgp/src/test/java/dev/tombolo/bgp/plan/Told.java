package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Routes in words, for tests: one line each, in order. */
final class Told {
    private Told() {}

    static List<String> to(String peer, PlannedRoutes plan) {
        return plan.routes().entrySet().stream()
                .filter(routes -> routes.getKey().peer().equals(peer))
                .flatMap(routes -> routes.getValue().values().stream())
                .map(Told::line)
                .toList();
    }

    static List<String> withheld(PlannedRoutes plan) {
        return plan.withheld().stream()
                .map(each -> each.advertisement()
                        + each.peer().map(peer -> " to " + peer).orElse("") + ": " + each.subject() + ": " + each.why())
                .toList();
    }

    private static String line(BgpRoute route) {
        var attributes = route.attributes();
        var words = new ArrayList<String>();
        words.add(route.prefix() + " via " + attributes.nextHop());
        if (!attributes.prepended().isEmpty()) {
            words.add(
                    "path " + attributes.prepended().stream().map(Asn::toString).collect(Collectors.joining(" ")));
        }
        attributes.med().ifPresent(med -> words.add("med " + med));
        attributes.localPreference().ifPresent(preference -> words.add("preference " + preference));
        attributes.communities().forEach(community -> words.add(community.toString()));
        return String.join(", ", words);
    }
}
