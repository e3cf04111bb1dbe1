package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Duty.Exit;
import dev.tombolo.agent.egress.legs.Duty.Place;
import dev.tombolo.agent.egress.legs.Duty.Way;
import dev.tombolo.agent.egress.legs.Sight.Tunnel;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.netlink.Link;
import dev.tombolo.netlink.Route;
import java.util.Optional;
import java.util.stream.IntStream;

/** What fits into one device of the path fits into the next. */
final class MtuLegPlan {
    /** WireGuard's headers over IPv4. */
    private static final int OVERHEAD = 60;

    /** Below it no tunnel's MTU is ever set. */
    private static final int SMALLEST_TUNNEL = 1_280;

    private MtuLegPlan() {}

    /** Nobody at the gateway tells the sender of a packet that is too big for the way out. */
    static Leg exit(Duty duty, Exit exit, Place place, Sight sight) {
        String device = place.device();
        var note = new LegNote("mtu", exit.wanted(), exit.policies());
        int room = Math.min(
                sight.link(device).map(Link::mtu).orElse(Integer.MAX_VALUE), smallestRoute(exit, device, sight));
        var carrier =
                duty.gatewayDevice().flatMap(from -> sight.link(from.name())).map(Link::mtu);
        if (room == Integer.MAX_VALUE) {
            return note.unknown("no such device now", "its MTU", "it went while the node was looked at", "ask again");
        }
        if (carrier.isEmpty() || room >= carrier.get()) {
            return note.holds(room + " by " + device
                    + carrier.map(mtu -> ", at most " + mtu + " come").orElse(""));
        }
        return note.broken(
                device + " takes " + room + " bytes, and pods of other nodes send up to " + carrier.get(),
                "at least " + carrier.get() + " on " + device + " and its routes",
                "the tunnel was made when more fitted; larger packets are lost, and their senders are not told",
                "ip link set " + device + " mtu 1500 on the node (or the route's mtu); where the network takes no"
                        + " more, restart tombolo-agent on all nodes: tunnels are made by the MTU that it finds");
    }

    private static int smallestRoute(Exit exit, String device, Sight sight) {
        var routes = new RoutesSeen(sight, Optional.of(device));
        return exit.destinations().stream()
                .flatMap(range -> routes.to(range).stream())
                .map(Route::mtu)
                .flatMapToInt(IntStream::of)
                .filter(mtu -> mtu > 0)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    /** Of a tunnel to a gateway and the network under it, once it is known which that is. */
    static Optional<Leg> way(Way way, Sight sight) {
        var note = new LegNote("mtu", way.gateway(), way.policies());
        var under = Optional.ofNullable(sight.tunnels().get(way.device())).flatMap(Tunnel::under);
        return under.flatMap(sight::link)
                .flatMap(below -> sight.link(way.device())
                        .map(tunnel -> way.size()
                                .filter(size -> size < tunnel.mtu())
                                .map(size -> narrow(note, size, tunnel))
                                .orElseGet(() -> way(note, tunnel, below))));
    }

    /** Senders are told, so that nothing is lost but room. */
    private static Leg narrow(LegNote note, int size, Link tunnel) {
        return note.holds(
                size + " of the " + tunnel.mtu() + " in " + tunnel.name() + " fit on the way; senders are told");
    }

    private static Leg way(LegNote note, Link tunnel, Link below) {
        if (tunnel.mtu() + OVERHEAD <= below.mtu() || tunnel.mtu() <= SMALLEST_TUNNEL) {
            return note.holds(tunnel.mtu() + " in " + tunnel.name() + ", " + below.mtu() + " under it");
        }
        return note.broken(
                below.name() + " takes " + below.mtu() + " bytes, " + tunnel.name() + " above it " + tunnel.mtu(),
                "at least " + (tunnel.mtu() + OVERHEAD) + " on " + below.name(),
                "the tunnel was made when more fitted; its packets are cut in pieces, which many networks drop",
                "ip link set " + below.name() + " mtu 1500 on the node; where the network takes no more, restart"
                        + " tombolo-agent: tunnels are made by the MTU that it finds");
    }
}
