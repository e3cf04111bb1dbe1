package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Duty.Exit;
import dev.tombolo.agent.egress.legs.Duty.Place;
import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Hop;
import dev.tombolo.netlink.Route;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Packets leave by the device of their address, and replies that come by it are let in. */
final class RouteLegPlan {
    private static final int STRICT = 1;
    /** What the kernel calls a route with one or several next hops. */
    private static final int UNICAST = 1;

    private RouteLegPlan() {}

    static Set<String> settings(Exit exit) {
        return exit.on()
                .filter(_ -> exit.v4())
                .map(place -> Set.of(filter("all"), filter(place.device())))
                .orElse(Set.of());
    }

    private static String filter(String device) {
        return "ipv4.conf." + Questions.inSetting(device) + ".rp_filter";
    }

    static Leg route(Exit exit, Place place, Sight sight) {
        String device = place.device();
        var note = new LegNote("route", exit.wanted(), exit.policies());
        var by = Optional.of(device);
        var ranges = exit.destinations().stream().sorted().toList();
        if (ranges.stream().anyMatch(range -> !sight.routes().containsKey(question(range, by)))) {
            return note.unknown(
                    "routes cannot be read", "a route by " + device, "the kernel refused", "see the agent's log");
        }
        var without = ranges.stream()
                .filter(range -> sight.routes()
                        .get(question(range, by))
                        .filter(RouteLegPlan::leads)
                        .isEmpty())
                .toList();
        if (without.isEmpty()) {
            return note.holds(ranges.size() == 1 ? way(sight, ranges.getFirst(), by) : ranges.size() + " by " + device);
        }
        return note.broken(
                "no route to " + without.getFirst() + " by " + device + more(without),
                "a route by " + device + ", which has " + place.address(),
                "without one packets look for every destination on " + device + "'s own network, and are lost",
                "ip route add default via ROUTER dev " + device
                        + " on the node, with a higher metric where another device has the default route");
    }

    private static String more(List<Prefix> ranges) {
        return ranges.size() == 1 ? "" : ", nor to " + (ranges.size() - 1) + " more";
    }

    private static String way(Sight sight, Prefix range, Optional<String> by) {
        return sight.routes()
                .get(question(range, by))
                .map(Route::hop)
                .map(hop -> hop instanceof Hop.Other ? "several hops by " + by.orElseThrow() : hop.toString())
                .orElse("");
    }

    private static RouteQuestion question(Prefix range, Optional<String> by) {
        return new RouteQuestion(LegsPlan.sample(range), by);
    }

    private static boolean leads(Route route) {
        return switch (route.hop()) {
            case Hop.Device _, Hop.Gateway _, Hop.Multipath _ -> true;
            case Hop.Unreachable _ -> false;
            case Hop.Other(int type) -> type == UNICAST;
        };
    }

    /** Only replies to pods of this node are let into the stack; those to others are carried past it. */
    static Leg reversePath(Exit exit, Place place, Sight sight) {
        String device = place.device();
        var note = new LegNote("reverse path", exit.wanted(), exit.policies());
        if (exit.podDevices().isEmpty() || !exit.v4()) {
            return note.holds("replies do not cross the stack's filter");
        }
        var settings = Stream.of("all", device)
                .flatMap(name -> sight.setting(filter(name)).stream())
                .toList();
        if (settings.size() < 2) {
            return note.unknown(
                    filter(device) + " cannot be read",
                    "0, 1 or 2",
                    "/proc/sys is not the node's",
                    "see that the agent's pod has hostNetwork");
        }
        if (settings.stream().mapToInt(value -> value).max().orElse(0) != STRICT) {
            return note.holds("rp_filter is not strict");
        }
        return strict(note, exit, device, sight);
    }

    private static Leg strict(LegNote note, Exit exit, String device, Sight sight) {
        return exit.destinations().stream()
                .sorted()
                .filter(range -> !comesBackBy(device, range, sight))
                .findFirst()
                .map(range -> note.broken(
                        "net." + filter(device) + " is 1 (strict), and " + range + " is "
                                + best(range, sight)
                                        .map(by -> "reached by " + by)
                                        .orElse("not reached by any route"),
                        "loose (2) or off (0) on " + device + ", or the route to " + range + " by " + device,
                        "replies to pods of this node come by " + device + " and are dropped as forged",
                        "sysctl -w net." + filter(device) + "=2 on the node, and in its sysctl configuration"))
                .orElseGet(() -> note.holds("strict, and all comes back by the device that it left by"));
    }

    private static boolean comesBackBy(String device, Prefix range, Sight sight) {
        var route = sight.routes().getOrDefault(question(range, Optional.empty()), Optional.empty());
        return route.filter(found -> found.hop() instanceof Hop.Other(int type) && type == UNICAST
                        || found.hop().devices().anyMatch(device::equals))
                .isPresent();
    }

    private static Optional<String> best(Prefix range, Sight sight) {
        return sight.routes()
                .getOrDefault(question(range, Optional.empty()), Optional.empty())
                .flatMap(route -> route.hop().devices().findFirst());
    }
}
