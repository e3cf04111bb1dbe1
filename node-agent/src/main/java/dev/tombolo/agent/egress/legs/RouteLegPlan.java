package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Duty.Exit;
import dev.tombolo.agent.egress.legs.Duty.Place;
import dev.tombolo.kube.object.NodeLegs.Leg;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Packets leave by the device of their address, and replies that come by it are let in. */
final class RouteLegPlan {
    private static final int STRICT = 1;

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
        var routes = new RoutesSeen(sight, Optional.of(device));
        var ranges = exit.destinations();
        if (!routes.areRead(ranges)) {
            return note.unknown(
                    "routes cannot be read", "a route by " + device, "the kernel refused", "see the agent's log");
        }
        var without = routes.without(ranges);
        if (without.isEmpty()) {
            return note.holds(
                    ranges.size() == 1 ? routes.way(ranges.iterator().next()) : ranges.size() + " by " + device);
        }
        return note.broken(
                "no route to " + without.getFirst() + " by " + device + RoutesSeen.more(without),
                "a route by " + device + ", which has " + place.address(),
                "without one packets look for every destination on " + device + "'s own network, and are lost",
                "ip route add default via ROUTER dev " + device
                        + " on the node, with a higher metric where another device has the default route");
    }

    /** Only replies to pods of this node are let into the stack; those to others are carried past it. */
    static Leg reversePath(Exit exit, Place place, Sight sight) {
        String device = place.device();
        var note = new LegNote("reverse path", exit.wanted(), exit.policies());
        if (!exit.ownPods() || !exit.v4()) {
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
        var routes = new RoutesSeen(sight, Optional.empty());
        return exit.destinations().stream()
                .sorted()
                .filter(range -> !routes.mayLeaveBy(device, range))
                .findFirst()
                .map(range -> note.broken(
                        "net." + filter(device) + " is 1 (strict), and " + range + " is "
                                + routes.devices(range)
                                        .findFirst()
                                        .map(by -> "reached by " + by)
                                        .orElse("not reached by any route"),
                        "loose (2) or off (0) on " + device + ", or the route to " + range + " by " + device,
                        "replies to pods of this node come by " + device + " and are dropped as forged",
                        "sysctl -w net." + filter(device) + "=2 on the node, and in its sysctl configuration"))
                .orElseGet(() -> note.holds("strict, and all comes back by the device that it left by"));
    }
}
