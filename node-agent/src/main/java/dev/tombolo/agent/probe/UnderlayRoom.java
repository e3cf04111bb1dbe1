package dev.tombolo.agent.probe;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Netlink;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/**
 * How much the network under WireGuard takes, as far as this node's kernel knows: by its devices and routes, and by what
 * routers have told it. A kernel that was told cuts WireGuard's packets to pieces, so that probes of all sizes arrive;
 * the batches that a WireGuard in user space sends it does not cut, and loses.
 */
public interface UnderlayRoom {
    UnderlayRoom UNKNOWN = _ -> OptionalInt.empty();

    /** The largest packet towards an address; empty where that is not known. */
    OptionalInt towards(IpAddress end);

    /** As the devices of this network namespace are now. */
    static UnderlayRoom of(Netlink netlink) {
        try {
            var links = netlink.links().list();
            return end -> towards(end, netlink, links);
        } catch (IOException failure) {
            return UNKNOWN;
        }
    }

    private static OptionalInt towards(IpAddress end, Netlink netlink, List<Link> links) {
        try {
            return netlink.routes().mtu(end, links);
        } catch (IOException failure) {
            return OptionalInt.empty();
        }
    }

    /** What was answered through a tunnel to that end, or less where it does not leave as one packet. */
    default OptionalInt limit(OptionalInt answered, IpAddress end, int tunnelMtu) {
        if (answered.isEmpty()) {
            return answered;
        }
        var below = towards(end);
        return below.isEmpty()
                ? answered
                : OptionalInt.of(
                        Math.min(answered.getAsInt(), ProbeSizes.inside(below.getAsInt(), end.isV4(), tunnelMtu)));
    }
}
