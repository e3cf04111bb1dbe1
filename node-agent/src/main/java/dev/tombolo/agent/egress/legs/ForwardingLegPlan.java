package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Duty.Exit;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.netlink.nft.ForwardPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The stack forwards what crosses it: packets of the gateway's own pods. */
final class ForwardingLegPlan {
    private static final String ALL_V4 = "ipv4.ip_forward";
    private static final String ALL_V6 = "ipv6.conf.all.forwarding";

    private ForwardingLegPlan() {}

    static Set<String> settings(Duty duty) {
        var names = new HashSet<String>();
        Stream.of(true, false).forEach(v4 -> names.addAll(needed(duty, v4)));
        return names;
    }

    static List<Leg> legs(Duty duty, Sight sight) {
        var legs = new ArrayList<Leg>();
        for (boolean v4 : List.of(true, false)) {
            var needed = needed(duty, v4);
            if (!needed.isEmpty()) {
                legs.add(forwarding(duty, v4, needed, sight));
            }
        }
        crossing(duty)
                .flatMap(exit -> exit.podDevices().stream())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(device -> policy(duty, device, sight))
                .forEach(legs::add);
        return legs;
    }

    private static Stream<Exit> crossing(Duty duty) {
        return duty.exits().stream().filter(exit -> !exit.podDevices().isEmpty());
    }

    /** Gateways that carry for other nodes alone need no forwarding. */
    private static Set<String> needed(Duty duty, boolean v4) {
        var names = new TreeSet<String>();
        crossing(duty).filter(exit -> exit.v4() == v4).forEach(exit -> {
            names.add(v4 ? ALL_V4 : ALL_V6);
            if (v4) {
                exit.podDevices().forEach(device -> names.add(ofDevice(device)));
                exit.on().ifPresent(place -> names.add(ofDevice(place.device())));
            }
        });
        return names;
    }

    private static String ofDevice(String device) {
        return "ipv4.conf." + Questions.inSetting(device) + ".forwarding";
    }

    private static Leg forwarding(Duty duty, boolean v4, Set<String> needed, Sight sight) {
        var note = new LegNote("forwarding", v4 ? "IPv4" : "IPv6", policies(duty, v4));
        // The switch of all devices comes first: it explains those of each.
        var inOrder = Stream.concat(
                        needed.stream().filter(name -> name.equals(ALL_V4) || name.equals(ALL_V6)), needed.stream())
                .toList();
        for (String name : inOrder) {
            var value = sight.setting(name);
            if (value.isEmpty()) {
                return note.unknown(
                        "net." + name + " cannot be read",
                        "net." + name + " to be 1",
                        "/proc/sys is not the node's, or the device went",
                        "see that the agent's pod has hostNetwork");
            }
            if (value.get() == 0) {
                return note.broken(
                        "net." + name + " is 0",
                        "net." + name + " to be 1",
                        "pods of this node that leave by it cross its stack, which drops their packets",
                        "sysctl -w net." + name + "=1 on the node, and find out who set it to 0");
            }
        }
        return note.holds("on");
    }

    private static Set<String> policies(Duty duty, boolean v4) {
        var policies = new HashSet<String>();
        crossing(duty).filter(exit -> exit.v4() == v4).forEach(exit -> policies.addAll(exit.policies()));
        return policies;
    }

    private static Leg policy(Duty duty, String device, Sight sight) {
        var policies = crossing(duty)
                .filter(exit -> exit.podDevices().contains(device))
                .flatMap(exit -> exit.policies().stream())
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
