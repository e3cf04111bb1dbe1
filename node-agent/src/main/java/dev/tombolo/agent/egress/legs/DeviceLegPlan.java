package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Duty.Exit;
import dev.tombolo.agent.egress.legs.Duty.Place;
import dev.tombolo.kube.object.NodeLegs.Leg;

/** The device of an address can send. */
final class DeviceLegPlan {
    private DeviceLegPlan() {}

    static Leg device(Exit exit, Place place, Sight sight) {
        String device = place.device();
        var note = new LegNote("device", device, exit.policies());
        var link = sight.link(device);
        if (link.isEmpty()) {
            return note.unknown(
                    "no such device now", "a device that is up", "it went while the node was looked at", "ask again");
        }
        if (!link.get().isUp()) {
            return note.broken(
                    device + " is down",
                    device + ", which has " + place.address() + ", to be up",
                    "it was set down",
                    "ip link set " + device + " up on the node; its routes went with it and have to be added again");
        }
        if (!link.get().hasCarrier()) {
            return note.broken(
                    device + " is up and has no carrier",
                    "something at the other end of it",
                    "the cable, the switch or the virtual machine's host took the line away",
                    "mend what " + device + " is connected to");
        }
        return note.holds("up, with carrier");
    }
}
