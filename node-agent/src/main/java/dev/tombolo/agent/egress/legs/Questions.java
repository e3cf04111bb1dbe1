package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import java.util.Set;

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

    /** A device's name in that of a setting. */
    static String inSetting(String device) {
        return device.replace('.', '/');
    }
}
