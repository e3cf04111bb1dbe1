package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Route;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The node's routes to ranges, as they were seen.
 *
 * @param by the device that they have to lead by; empty for any
 */
record RoutesSeen(Sight sight, Optional<String> by) {
    /** What the kernel calls a route with one or several next hops. */
    private static final int UNICAST = 1;

    /** An address that no network has, for a range that is everything. */
    private static final IpAddress ANYWHERE = IpAddress.parse("192.88.99.1");

    private static final IpAddress ANYWHERE_V6 = IpAddress.parse("2001:db8::1");

    /** What is asked about a range: a route to an address of it. */
    static RouteQuestion question(Prefix range, Optional<String> by) {
        return new RouteQuestion(sample(range), by);
    }

    static IpAddress sample(Prefix range) {
        if (range.length() > 0) {
            return range.address();
        }
        return range.isV4() ? ANYWHERE : ANYWHERE_V6;
    }

    boolean areRead(Collection<Prefix> ranges) {
        return ranges.stream().allMatch(range -> sight.routes().containsKey(question(range, by)));
    }

    Optional<Route> to(Prefix range) {
        return sight.routes().getOrDefault(question(range, by), Optional.empty());
    }

    /** In their order. */
    List<Prefix> without(Collection<Prefix> ranges) {
        return ranges.stream()
                .sorted()
                .filter(range -> to(range).filter(RoutesSeen::leads).isEmpty())
                .toList();
    }

    private static boolean leads(Route route) {
        return switch (route.hop()) {
            case Hop.Device _, Hop.Gateway _, Hop.Multipath _ -> true;
            case Hop.Unreachable _ -> false;
            case Hop.Other other -> isUnicast(other);
        };
    }

    private static boolean isUnicast(Hop.Other hop) {
        return hop.type() == UNICAST;
    }

    /** Whether the route is one of the whole range: one of a part, such as a network of pods, is not that of the rest. */
    boolean isOfAll(Prefix range) {
        return to(range)
                .filter(route -> route.destination().length() <= range.length())
                .isPresent();
    }

    /** Those that packets to a range may leave by, as far as the kernel tells. */
    Stream<String> devices(Prefix range) {
        return to(range).stream().flatMap(route -> route.hop().devices());
    }

    /** Of hops that the kernel does not tell the devices of, one is taken for the right one. */
    boolean mayLeaveBy(String device, Prefix range) {
        return to(range)
                .filter(route -> route.hop() instanceof Hop.Other other && isUnicast(other)
                        || route.hop().devices().anyMatch(device::equals))
                .isPresent();
    }

    /** The way to a range in words; empty where there is none. */
    String way(Prefix range) {
        return to(range)
                .map(Route::hop)
                .map(hop -> hop instanceof Hop.Other
                        ? "several hops" + by.map(device -> " by " + device).orElse("")
                        : hop.toString())
                .orElse("");
    }

    /** What is said of the others where one is named. */
    static String more(List<Prefix> ranges) {
        return ranges.size() == 1 ? "" : ", nor to " + (ranges.size() - 1) + " more";
    }
}
