package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Crossings.Crossing;
import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.netlink.Link;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What crosses the stack has a route, whichever, to a device where it is taken up: translated or carried from there. */
final class CrossingRouteLegPlan {
    private final Crossings crossings;
    private final boolean v4;
    private final Sight sight;
    private final RoutesSeen routes;
    private final SortedSet<Prefix> ranges;

    private CrossingRouteLegPlan(Crossings crossings, boolean v4, Sight sight) {
        this.crossings = crossings;
        this.v4 = v4;
        this.sight = sight;
        routes = new RoutesSeen(sight, Optional.empty());
        ranges = crossings.of(v4).stream()
                .flatMap(crossing -> crossing.destinations().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<RouteQuestion> questions(Crossings crossings) {
        return crossings.each().stream()
                .flatMap(crossing -> crossing.destinations().stream())
                .map(range -> RoutesSeen.question(range, Optional.empty()))
                .collect(Collectors.toSet());
    }

    static List<Leg> legs(Crossings crossings, Sight sight) {
        return Stream.of(true, false)
                .map(v4 -> new CrossingRouteLegPlan(crossings, v4, sight))
                .filter(plan -> !plan.ranges.isEmpty())
                .map(CrossingRouteLegPlan::leg)
                .toList();
    }

    private Leg leg() {
        if (!routes.areRead(ranges)) {
            return note(ranges)
                    .unknown(
                            "routes cannot be read",
                            "a route by any device",
                            "the kernel refused",
                            "see the agent's log");
        }
        var without = routes.without(ranges);
        if (!without.isEmpty()) {
            return note(without)
                    .broken(
                            "no route to " + without.getFirst() + " on this node" + RoutesSeen.more(without),
                            "a route by any device, as that of the node's own packets",
                            "packets of its pods cross this node's stack before they are carried or translated",
                            "ip route add default via ROUTER on the node");
        }
        return ranges.stream()
                .filter(routes::isOfAll)
                .flatMap(range -> routes.devices(range).flatMap(device -> astray(range, device).stream()))
                .findFirst()
                .orElseGet(() -> note(ranges).holds(way()));
    }

    /** Of the policies that need one of these ranges. */
    private LegNote note(Collection<Prefix> needed) {
        return new LegNote(
                "route",
                v4 ? "IPv4" : "IPv6",
                crossings.of(v4).stream()
                        .filter(crossing -> crossing.destinations().stream().anyMatch(needed::contains))
                        .map(Crossing::policy)
                        .toList());
    }

    /** Packets that leave where nobody takes them up. */
    private Optional<Leg> astray(Prefix range, String device) {
        if (!crossings.watched().contains(device)) {
            return Optional.of(astray(range, device, "which no program of Tombolo watches"));
        }
        return sight.link(device)
                .filter(link -> !link.isEthernet())
                .map(Link::name)
                .map(name -> astray(range, name, "whose packets have no Ethernet header"));
    }

    private Leg astray(Prefix range, String device, String fault) {
        return note(Set.of(range))
                .broken(
                        range + " is reached by " + device + ", " + fault,
                        "a route by an Ethernet device that leads to a network or to a router",
                        "packets of its pods cross this node's stack to where the route leads, and nobody can carry them "
                                + "from there",
                        "ip route add " + range + " via ROUTER dev DEVICE on the node, with an Ethernet DEVICE");
    }

    private String way() {
        if (ranges.size() == 1) {
            return ranges.first() + " " + routes.way(ranges.first());
        }
        var by = ranges.stream().flatMap(routes::devices).collect(Collectors.toCollection(TreeSet::new));
        return ranges.size() + " by " + (by.isEmpty() ? "several hops" : String.join(", ", by));
    }
}
