package dev.tombolo.bgp.exabgp;

import dev.tombolo.model.bgp.BgpRoute;
import java.util.Optional;
import java.util.regex.Pattern;

/** A line of {@code show adj-rib out extensive}. */
record RouteLine(Session session, BgpRoute route) {
    private static final Pattern SHAPE =
            Pattern.compile("(neighbor .+ router-id \\S+) family-allowed \\S+ ipv[46] unicast (.+)");

    static Optional<RouteLine> parse(String line) {
        var parts = SHAPE.matcher(line);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var session = new Session(parts.group(1));
        return RouteText.parse(session.added(), parts.group(2)).map(route -> new RouteLine(session, route));
    }
}
