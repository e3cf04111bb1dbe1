package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Messages of linux/netfilter/nfnetlink_conntrack.h. */
final class ConntrackCodec {
    static final int GET = 0x101;
    static final int DELETE = 0x102;
    /** Family, version and a number, before the attributes. */
    private static final int HEADER = 4;

    private static final int ANY_FAMILY = 0;

    private static final int ORIGINAL = 1;
    private static final int REPLY = 2;
    private static final int MARK = 8;
    private static final int ID = 12;
    private static final int ZONE = 18;

    private static final int ADDRESSES = 1;
    private static final int PROTOCOL = 2;
    private static final int ZONE_OF_ONE_DIRECTION = 3;

    /** Of IPv4; those of IPv6 are two further. */
    private static final int SOURCE = 1;

    private static final int DESTINATION = 2;
    private static final int OF_IPV6 = 2;

    private static final int NUMBER = 1;
    private static final int SOURCE_PORT = 2;
    private static final int DESTINATION_PORT = 3;
    private static final int ECHO_ID = 4;
    private static final int ECHO_ID_OF_IPV6 = 7;

    private ConntrackCodec() {}

    /** Of both families at once: the kernel goes through the same table for each. */
    static Message listing() {
        return header(GET, Rtnetlink.DUMP, ANY_FAMILY);
    }

    /** Without a tuple the kernel would forget every connection; so it is there also where it is empty. */
    static Message deleting(TrackedConnection connection) {
        byte[] tuple = new byte[connection.tuple().remaining()];
        connection.tuple().get(connection.tuple().position(), tuple);
        byte[] id = ByteBuffer.allocate(4).putInt(connection.id()).array();
        var family = Family.of(connection.source().address());
        return header(DELETE, Rtnetlink.ACK, family.number())
                .nested(ORIGINAL, inner -> inner.bytes(tuple))
                .attribute(ID, id);
    }

    private static Message header(int type, int flags, int family) {
        return new Message(type, Rtnetlink.REQUEST | flags).u8(family).u8(0).u16(0);
    }

    /**
     * Reads one of a listing. Most are of no interest, and are passed over before anything is made of them. None of another
     * zone than that of packets without one: who made zones has those to himself.
     *
     * @param markBits those with any of them in their mark are of interest, like those whose source is translated
     */
    static Optional<TrackedConnection> decode(ByteBuffer message, int markBits) {
        var all = AttributeSpan.after(message, HEADER);
        var original = all.find(ORIGINAL);
        int mark = all.find(MARK).u32();
        var source = address(original, SOURCE);
        var answered = address(all.find(REPLY), DESTINATION);
        boolean known = source.isPresent() && answered.isPresent();
        boolean interests = (mark & markBits) != 0 || !source.equals(answered);
        if (!known || !interests || isInZone(all, original)) {
            return Optional.empty();
        }
        return address(original, DESTINATION)
                .map(destination -> connection(all, original, source.get(), destination, answered.get(), mark));
    }

    private static boolean isInZone(AttributeSpan all, AttributeSpan original) {
        return all.find(ZONE).isPresent()
                || original.find(ZONE_OF_ONE_DIRECTION).isPresent();
    }

    private static TrackedConnection connection(
            AttributeSpan all,
            AttributeSpan original,
            IpAddress source,
            IpAddress destination,
            IpAddress answered,
            int mark) {
        var protocol = original.find(PROTOCOL);
        return new TrackedConnection(
                new SocketEndpoint(source, sourcePort(protocol)),
                new SocketEndpoint(destination, protocol.find(DESTINATION_PORT).u16()),
                answered,
                protocol.find(NUMBER).u8(),
                mark,
                all.find(ID).u32(),
                ByteBuffer.wrap(original.copy()).asReadOnlyBuffer());
    }

    private static int sourcePort(AttributeSpan protocol) {
        for (int type : new int[] {SOURCE_PORT, ECHO_ID, ECHO_ID_OF_IPV6}) {
            var value = protocol.find(type);
            if (value.isPresent()) {
                return value.u16();
            }
        }
        return 0;
    }

    private static Optional<IpAddress> address(AttributeSpan tuple, int which) {
        var addresses = tuple.find(ADDRESSES);
        return addresses
                .find(which)
                .address()
                .or(() -> addresses.find(which + OF_IPV6).address());
    }
}
