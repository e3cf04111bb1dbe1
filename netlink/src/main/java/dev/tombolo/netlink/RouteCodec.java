package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Routes as rtmsg and attributes. */
final class RouteCodec {
    private static final int DESTINATION = 1;
    private static final int OUT_DEVICE = 4;
    private static final int GATEWAY = 5;
    private static final int METRIC = 6;
    private static final int PREFERRED_SOURCE = 7;
    private static final int METRICS = 8;
    private static final int MULTIPATH = 9;
    private static final int TABLE = 15;
    private static final int METRICS_MTU = 2;

    private static final int UNICAST = 1;
    private static final int TYPE_UNREACHABLE = 7;
    /** A number of our own for rtm_protocol, so that a person and other daemons see whose routes these are. */
    private static final int PROTOCOL = 116;

    private static final int CLONED = 0x200;
    /** Answer with the route itself: a lookup by a device else finds everyone on its network. */
    private static final int FIB_MATCH = 0x2000;

    private static final int NEXT_HOP_NUMBER = 0xFF;
    private static final int NEXT_HOP_HEADER = 8;
    private static final int NEXT_HOP_DEVICE = 4;

    private RouteCodec() {}

    static Message replacing(Route route, int deviceIndex) {
        int flags = Rtnetlink.REQUEST | Rtnetlink.ACK | Rtnetlink.CREATE | Rtnetlink.REPLACE;
        var message = header(
                new Message(Rtnetlink.NEWROUTE, flags),
                route,
                PROTOCOL,
                route.scope().number());
        common(message, route, deviceIndex);
        route.source().ifPresent(source -> message.attribute(PREFERRED_SOURCE, source.familyBytes()));
        if (route.mtu() > 0) {
            message.nested(METRICS, metrics -> metrics.attribute(METRICS_MTU, route.mtu()));
        }
        return message;
    }

    /**
     * Type and device are part of what is matched: a delete by destination alone, with metric 0, would take the
     * unreachable fallback when the real route is already gone.
     */
    static Message deleting(Route route, int deviceIndex) {
        var message = new Message(Rtnetlink.DELROUTE, Rtnetlink.REQUEST | Rtnetlink.ACK);
        return common(header(message, route, 0, Route.Scope.NOWHERE.number()), route, deviceIndex);
    }

    /** @param device 0 for any */
    static Message lookup(IpAddress destination, int device) {
        var message = asking(destination, FIB_MATCH);
        return device == 0 ? message : message.attribute(OUT_DEVICE, device);
    }

    /** Not for a route of a table, but for what a packet would go by, which knows what routers have told. */
    static Message way(IpAddress destination) {
        return asking(destination, 0);
    }

    private static Message asking(IpAddress destination, int flags) {
        return new Message(Rtnetlink.GETROUTE, Rtnetlink.REQUEST | Rtnetlink.ACK)
                .u8(Family.of(destination).number())
                .u8(destination.bits())
                .u8(0)
                .u8(0)
                .u32(0)
                .u32(flags)
                .attribute(DESTINATION, destination.familyBytes());
    }

    /** Of a way; that of its device where it has none of its own. */
    static OptionalInt mtu(ByteBuffer payload, List<Link> known) {
        var attributes = Attributes.read(payload.position(12));
        var own = attributes.nested(METRICS).u32(METRICS_MTU);
        var device = attributes.u32(OUT_DEVICE);
        return own.isPresent()
                ? OptionalInt.of((int) own.getAsLong() & Integer.MAX_VALUE)
                : known.stream()
                        .filter(link -> device.isPresent() && link.index() == device.getAsLong())
                        .mapToInt(Link::mtu)
                        .findFirst();
    }

    private static Message header(Message message, Route route, int protocol, int scope) {
        var destination = route.destination();
        int shortTable = route.table() < 256 ? route.table() : 0;
        return message.u8(Family.of(destination).number())
                .u8(destination.length())
                .u8(0)
                .u8(0)
                .u8(shortTable)
                .u8(protocol)
                .u8(scope)
                .u8(type(route.hop()))
                .u32(0);
    }

    private static Message common(Message message, Route route, int deviceIndex) {
        message.attribute(DESTINATION, route.destination().address().familyBytes())
                .attribute(TABLE, route.table())
                .attribute(METRIC, route.metric());
        if (route.hop() instanceof Hop.Gateway(var gateway, var _)) {
            message.attribute(GATEWAY, gateway.familyBytes());
        }
        return deviceIndex > 0 ? message.attribute(OUT_DEVICE, deviceIndex) : message;
    }

    private static int type(Hop hop) {
        return switch (hop) {
            case Hop.Device _, Hop.Gateway _ -> UNICAST;
            case Hop.Unreachable _ -> TYPE_UNREACHABLE;
            case Hop.Multipath _ -> throw new IllegalArgumentException("routes of several paths are only read");
            case Hop.Other(int type) -> throw new IllegalArgumentException("routes of type " + type + " are only read");
        };
    }

    /** Empty for what is no IP route of a table: cached exceptions, multicast, MPLS. */
    static Optional<Route> decode(ByteBuffer payload, Map<Integer, String> deviceByIndex) {
        var family = payload.get(0) == Family.V4.number() ? Family.V4 : Family.V6;
        int length = Byte.toUnsignedInt(payload.get(1));
        int shortTable = Byte.toUnsignedInt(payload.get(4));
        var scope = Route.Scope.of(Byte.toUnsignedInt(payload.get(6)));
        int type = Byte.toUnsignedInt(payload.get(7));
        boolean cached = (payload.getInt(8) & CLONED) != 0;
        var attributes = Attributes.read(payload.position(12));
        if (cached || payload.get(0) != family.number()) {
            return Optional.empty();
        }
        var destination = attributes
                .address(DESTINATION)
                .map(address -> new Prefix(address, length))
                .orElseGet(family::everything);
        return Optional.of(new Route(
                destination,
                hop(type, attributes, deviceByIndex),
                (int) attributes.u32(TABLE).orElse(shortTable),
                (int) attributes.u32(METRIC).orElse(0) & Integer.MAX_VALUE,
                attributes.address(PREFERRED_SOURCE),
                (int) attributes.nested(METRICS).u32(METRICS_MTU).orElse(0) & Integer.MAX_VALUE,
                scope));
    }

    private static Hop hop(int type, Attributes attributes, Map<Integer, String> deviceByIndex) {
        if (type == TYPE_UNREACHABLE) {
            return new Hop.Unreachable();
        }
        if (type == UNICAST && attributes.has(MULTIPATH)) {
            return new Hop.Multipath(paths(attributes.buffer(MULTIPATH), deviceByIndex));
        }
        var index = attributes.u32(OUT_DEVICE);
        if (type != UNICAST || index.isEmpty()) {
            return new Hop.Other(type & NEXT_HOP_NUMBER);
        }
        return path((int) index.getAsLong(), attributes, deviceByIndex);
    }

    /** Each a struct rtnexthop with its attributes behind it, padded to four bytes; a damaged rest is ignored. */
    private static List<Hop> paths(ByteBuffer bytes, Map<Integer, String> deviceByIndex) {
        var paths = new ArrayList<Hop>();
        while (bytes.remaining() >= NEXT_HOP_HEADER) {
            int start = bytes.position();
            int length = Short.toUnsignedInt(bytes.getShort(start));
            if (length < NEXT_HOP_HEADER || length > bytes.remaining()) {
                break;
            }
            var attributes = bytes.slice(start + NEXT_HOP_HEADER, length - NEXT_HOP_HEADER)
                    .order(bytes.order());
            paths.add(path(bytes.getInt(start + NEXT_HOP_DEVICE), Attributes.read(attributes), deviceByIndex));
            bytes.position(Math.min(bytes.limit(), start + (length + 3 & ~3)));
        }
        return paths;
    }

    private static Hop path(int index, Attributes attributes, Map<Integer, String> deviceByIndex) {
        String device = deviceByIndex.getOrDefault(index, "if" + index);
        return attributes
                .address(GATEWAY)
                .<Hop>map(gateway -> new Hop.Gateway(gateway, device))
                .orElseGet(() -> new Hop.Device(device));
    }
}
