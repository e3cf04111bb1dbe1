package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Duty.Exit;
import dev.tombolo.agent.egress.legs.Duty.Owner;
import dev.tombolo.kube.object.NodeLegs.Leg;
import java.util.Optional;

/** The node has the addresses that pods leave under, and may have them. */
final class AddressLegPlan {
    private AddressLegPlan() {}

    static Leg address(Exit exit) {
        var note = new LegNote("address", exit.wanted(), exit.policies());
        if (exit.on().isPresent()) {
            var place = exit.on().get();
            return note.holds("on " + place.device()
                    + (place.address().toString().equals(exit.wanted()) ? "" : ", " + place.address()));
        }
        String family = exit.v4() ? "IPv4" : "IPv6";
        if (exit.owner().isPresent()) {
            return note.broken(
                    "no device has it",
                    exit.wanted() + " on a device of this node",
                    "an address of a pool that this node is to hold, and does not yet",
                    "the agent of its owner puts it there within 10 s; see tombolo egress list if not");
        }
        return note.broken(
                "no device has it",
                "an " + family + " address for " + exit.wanted() + " on a device of this node",
                "it was taken off, or never added",
                fix(exit));
    }

    private static String fix(Exit exit) {
        if (exit.wanted().startsWith("interface ")) {
            String device = exit.wanted().substring("interface ".length());
            return "ip addr add ADDRESS dev " + device + " on the node, or choose another interface in the policy";
        }
        if (exit.wanted().equals("default route")) {
            return "ip route add default via ROUTER on the node, by a device that has an address";
        }
        return "ip addr add " + exit.wanted() + "/" + (exit.v4() ? "32" : "128")
                + " dev DEVICE on the node, and in its network configuration; or choose another gateway";
    }

    /** Of an address that floats. */
    static Optional<Leg> owner(Exit exit) {
        var note = new LegNote("owner", exit.wanted(), exit.policies());
        return exit.owner().map(owner -> owner(note, exit, owner));
    }

    private static Leg owner(LegNote note, Exit exit, Owner owner) {
        String read = owner.node().isEmpty() ? "nobody owns it" : owner.node() + " owns it";
        if (!owner.known()) {
            return note.unknown(
                    "the mesh's etcd does not answer",
                    "to hear who owns it",
                    "the agent cannot reach clustermesh-apiserver; no address moves until it can, all else goes on",
                    "see tombolo clustermesh status, and that the node reaches it");
        }
        if (owner.isSelf()) {
            return note.holds(read);
        }
        return note.broken(
                read,
                "this node to own it",
                exit.on().isPresent() ? "another node took it, and it is still here" : "it is on its way here",
                "this lasts for seconds; see tombolo egress list if it does not end");
    }
}
