package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.netlink.Route;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What has to be looked at to tell whether the legs hold.
 *
 * @param settings of the kernel, as sysctl names them after {@code net.}
 * @param forwarded devices of pods whose packets cross the stack
 */
record Questions(Set<String> settings, Set<RouteQuestion> routes, Set<String> tunnels, Set<String> forwarded) {
    Questions {
        settings = Set.copyOf(settings);
        routes = Set.copyOf(routes);
        tunnels = Set.copyOf(tunnels);
        forwarded = Set.copyOf(forwarded);
    }

    /** Of devices that routes turn out to lead by, which nobody can name before. */
    static Stream<String> settings(Map<RouteQuestion, Optional<Route>> found) {
        return found.entrySet().stream()
                .filter(route -> route.getKey().to().isV4())
                .flatMap(route -> route.getValue().stream())
                .flatMap(route -> route.hop().devices())
                .map(ForwardingLegPlan::ofDevice);
    }

    /** A device's name in that of a setting. */
    static String inSetting(String device) {
        return device.replace('.', '/');
    }
}
