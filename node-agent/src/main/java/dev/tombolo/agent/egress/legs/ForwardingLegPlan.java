package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Crossings.Crossing;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.netlink.nft.ForwardPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The stack forwards what crosses it, and what is answered. */
final class ForwardingLegPlan {
    private static final String ALL_V4 = "ipv4.ip_forward";
    private static final String ALL_V6 = "ipv6.conf.all.forwarding";

    private ForwardingLegPlan() {}

    /** Without those of devices that only routes name. */
    static Set<String> settings(Crossings crossings) {
        var names = new HashSet<String>();
        crossings.each().forEach(crossing -> {
            names.add(ofAll(crossing.v4()));
            devices(crossing).forEach(device -> names.add(ofDevice(device)));
        });
        return names;
    }

    private static String ofAll(boolean v4) {
        return v4 ? ALL_V4 : ALL_V6;
    }

    static String ofDevice(String device) {
        return "ipv4.conf." + Questions.inSetting(device) + ".forwarding";
    }

    /** IPv6 asks the switch of all devices only. */
    private static Stream<String> devices(Crossing crossing) {
        return crossing.v4()
                ? Stream.of(crossing.podDevices(), crossing.exitDevices()).flatMap(Set::stream)
                : Stream.empty();
    }

    static List<Leg> legs(Crossings crossings, Sight sight) {
        var legs = new ArrayList<Leg>();
        for (boolean v4 : List.of(true, false)) {
            var policies = new TreeMap<String, Set<String>>();
            crossings
                    .of(v4)
                    .forEach(crossing -> needed(crossing, sight)
                            .forEach(name -> policies.computeIfAbsent(name, _ -> new HashSet<>())
                                    .add(crossing.policy())));
            if (!policies.isEmpty()) {
                legs.add(forwarding(v4, policies, sight));
            }
        }
        crossings.podDevices().forEach(device -> legs.add(policy(crossings, device, sight)));
        return legs;
    }

    /** Devices that are not there are other legs' matter. */
    private static Stream<String> needed(Crossing crossing, Sight sight) {
        return Stream.concat(
                Stream.of(ofAll(crossing.v4())),
                Stream.concat(devices(crossing), answeredBy(crossing, sight))
                        .filter(device -> sight.link(device).isPresent())
                        .map(device -> ofDevice(device)));
    }

    /** Answers out of a carrier are let in as if they had come by the route, and never enter the stack by the carrier. */
    private static Stream<String> answeredBy(Crossing crossing, Sight sight) {
        var routes = new RoutesSeen(sight, Optional.empty());
        return crossing.carriers().isEmpty() || !crossing.v4()
                ? Stream.empty()
                : crossing.destinations().stream().flatMap(routes::devices);
    }

    private static Leg forwarding(boolean v4, Map<String, Set<String>> policies, Sight sight) {
        // The switch of all devices comes first: it explains those of each.
        var inOrder = Stream.concat(Stream.of(ofAll(v4)), policies.keySet().stream());
        return inOrder.flatMap(
                        name -> fault(new LegNote("forwarding", family(v4), policies.get(name)), name, sight).stream())
                .findFirst()
                .orElseGet(() -> new LegNote("forwarding", family(v4), policies.get(ofAll(v4))).holds("on"));
    }

    private static String family(boolean v4) {
        return v4 ? "IPv4" : "IPv6";
    }

    private static Optional<Leg> fault(LegNote note, String name, Sight sight) {
        var value = sight.setting(name);
        if (value.isEmpty()) {
            return Optional.of(note.unknown(
                    "net." + name + " cannot be read",
                    "net." + name + " to be 1",
                    "/proc/sys is not the node's, or the device went",
                    "see that the agent's pod has hostNetwork"));
        }
        return value.filter(read -> read == 0)
                .map(_ -> note.broken(
                        "net." + name + " is 0",
                        "net." + name + " to be 1",
                        "what pods of this node send, and what is answered to them, crosses its stack, which drops it",
                        "sysctl -w net." + name + "=1 on the node, and find out who set it to 0"));
    }

    private static Leg policy(Crossings crossings, String device, Sight sight) {
        var policies = crossings.each().stream()
                .filter(crossing -> crossing.podDevices().contains(device))
                .map(Crossing::policy)
                .collect(Collectors.toSet());
        var note = new LegNote("forward policy", device, policies);
        String expected = "an accept of all that goes through " + device;
        return switch (sight.forward().getOrDefault(device, new ForwardPolicy.Unknown("not looked at yet"))) {
            case ForwardPolicy.Accept _ -> note.holds("accepts");
            case ForwardPolicy.Unknown(var reason) ->
                note.unknown(reason, expected, "rules of the node's firewall cannot be listed", "see the agent's log");
            // Another rule may accept them: which packets a whole rule set lets through, nobody can tell by reading it.
            case ForwardPolicy.Drop(var where, var fix) ->
                note.unknown(
                        where + " drops what no rule accepts, and none accepts all of " + device,
                        expected,
                        "pods of this node cross its stack on their way out, and may be dropped there",
                        fix);
        };
    }
}
