package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** Routes of one table or another. */
public final class Routes {
    private static final Set<Errno> NO_ROUTE =
            Set.of(Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EACCES, Errno.EINVAL);

    private final NetlinkSocket socket;
    private final Links links;

    Routes(NetlinkSocket socket, Links links) {
        this.socket = socket;
        this.links = links;
    }

    /** All routes of a table, of both families; none where the table doesn't exist. */
    public List<Route> list(int table) throws IOException {
        return list().stream().filter(route -> route.table() == table).toList();
    }

    /** All routes of all tables. */
    public List<Route> list() throws IOException {
        var names = links.nameByIndex();
        var request = new Message(Rtnetlink.GETROUTE, Rtnetlink.REQUEST | Rtnetlink.DUMP)
                .u32(0)
                .u32(0)
                .u32(0);
        return socket.dump(request, "routes").stream()
                .flatMap(payload -> RouteCodec.decode(payload, names).stream())
                .toList();
    }

    /**
     * The route that a packet to this address takes, by the rules and tables that count for it; empty where there is none.
     *
     * @param device only routes by it; empty for any
     * @param known the links, as they were listed last
     */
    public Optional<Route> lookup(IpAddress destination, Optional<String> device, List<Link> known) throws IOException {
        var names = known.stream().collect(Collectors.toMap(Link::index, Link::name));
        int index = known.stream()
                .filter(link -> device.equals(Optional.of(link.name())))
                .mapToInt(Link::index)
                .findFirst()
                .orElse(0);
        if (device.isPresent() && index == 0) {
            return Optional.empty();
        }
        try {
            return socket.ask(RouteCodec.lookup(destination, index), "looking up", "route to " + destination).stream()
                    .flatMap(payload -> RouteCodec.decode(payload, names).stream())
                    .filter(route -> !(route.hop() instanceof Hop.Unreachable))
                    .findFirst();
        } catch (NetlinkException e) {
            if (NO_ROUTE.contains(e.errno())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * The largest packet that leaves for this address as one, as far as this machine knows: by routes and devices, and by
     * what routers have told it. Empty where there is no way.
     *
     * @param known the links, as they were listed last
     */
    public OptionalInt mtu(IpAddress destination, List<Link> known) throws IOException {
        try {
            return socket.ask(RouteCodec.way(destination), "looking up", "way to " + destination).stream()
                    .flatMapToInt(payload -> RouteCodec.mtu(payload, known).stream())
                    .findFirst();
        } catch (NetlinkException e) {
            if (NO_ROUTE.contains(e.errno())) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }

    /** Makes the route so, whatever was there for its destination and metric. */
    public void replace(Route route) throws IOException {
        var device = device(route);
        int index = device.isEmpty() ? 0 : links.requireIndex(device.get(), "adding", "route " + route);
        socket.request(RouteCodec.replacing(route, index), "adding", "route " + route);
    }

    /** Deletes a route; an absent one, or an absent device, is success. */
    public void delete(Route route) throws IOException {
        var device = device(route);
        int index = 0;
        if (device.isPresent()) {
            var found = links.index(device.get());
            if (found.isEmpty()) {
                return;
            }
            index = found.get();
        }
        try {
            socket.request(RouteCodec.deleting(route, index), "deleting", "route " + route);
        } catch (NetlinkException e) {
            if (!isAbsence(e.errno())) {
                throw e;
            }
        }
    }

    private static boolean isAbsence(Errno errno) {
        return errno.equals(Errno.ESRCH) || errno.equals(Errno.ENOENT) || errno.equals(Errno.ENODEV);
    }

    private static Optional<String> device(Route route) {
        return switch (route.hop()) {
            case Hop.Device(var name) -> Optional.of(name);
            case Hop.Gateway(var _, var name) -> Optional.of(name);
            case Hop.Multipath _, Hop.Unreachable _, Hop.Other _ -> Optional.empty();
        };
    }
}
