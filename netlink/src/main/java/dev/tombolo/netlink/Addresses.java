package dev.tombolo.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Addresses of devices. */
public final class Addresses {
    private static final int ADDRESS = 1;
    private static final int LOCAL = 2;
    private static final int LABEL = 3;
    private static final int LIFETIMES = 6;
    private static final int FLAGS = 8;
    private static final int METRIC = 9;
    private static final int FOREVER = -1;
    /** A tunnel has nobody to ask whether an IPv6 address is free: without this it can't be used for a second. */
    private static final int NO_DUPLICATE_DETECTION = 0x02;

    private static final int TEMPORARY = 0x01;
    private static final int OPTIMISTIC = 0x04;
    private static final int IS_ANOTHERS = 0x08;
    private static final int DEPRECATED = 0x20;
    private static final int TENTATIVE = 0x40;
    private static final int NO_PREFIX_ROUTE = 0x200;

    private final NetlinkSocket socket;
    private final Links links;

    Addresses(NetlinkSocket socket, Links links) {
        this.socket = socket;
        this.links = links;
    }

    /** All that can be used: not those of IPv6 that may be another machine's, or are. */
    public List<InterfaceAddress> list() throws IOException {
        var names = links.nameByIndex();
        var request = new Message(Rtnetlink.GETADDR, Rtnetlink.REQUEST | Rtnetlink.DUMP)
                .u8(0)
                .u8(0)
                .u8(0)
                .u8(0)
                .u32(0);
        return socket.dump(request, "addresses").stream()
                .flatMap(payload -> decode(payload, names).stream())
                .toList();
    }

    public List<InterfaceAddress> list(String device) throws IOException {
        return list().stream()
                .filter(address -> address.device().equals(device))
                .toList();
    }

    /** Adds an address; one already there is success, and keeps the label or metric that it has. */
    public void add(InterfaceAddress address) throws IOException {
        int index = links.requireIndex(address.device(), "adding", "address " + address);
        try {
            socket.request(adding(address, index), "adding", "address " + address);
        } catch (NetlinkException e) {
            if (!e.errno().equals(Errno.EEXIST)) {
                throw e;
            }
        }
    }

    /**
     * Deletes an address; an absent one, or an absent device, is success. With a label it deletes the one of that label
     * only.
     */
    public void delete(InterfaceAddress address) throws IOException {
        var index = links.index(address.device());
        if (index.isEmpty()) {
            return;
        }
        try {
            var message = new Message(Rtnetlink.DELADDR, Rtnetlink.REQUEST | Rtnetlink.ACK);
            socket.request(body(message, address, index.get(), 0), "deleting", "address " + address);
        } catch (NetlinkException e) {
            if (!e.errno().equals(Errno.EADDRNOTAVAIL) && !e.errno().equals(Errno.ENODEV)) {
                throw e;
            }
        }
    }

    static Message adding(InterfaceAddress address, int index) {
        int flags = Rtnetlink.REQUEST | Rtnetlink.ACK | Rtnetlink.CREATE;
        // To replace one of IPv6 would be to give it our metric.
        int onceThere = address.metric() == 0 ? Rtnetlink.REPLACE : Rtnetlink.EXCLUSIVE;
        int addressFlags = address.address().isV4() ? 0 : NO_DUPLICATE_DETECTION;
        var message = body(new Message(Rtnetlink.NEWADDR, flags | onceThere), address, index, addressFlags);
        if (address.metric() > 0) {
            message.attribute(METRIC, address.metric()).attribute(FLAGS, NO_DUPLICATE_DETECTION | NO_PREFIX_ROUTE);
        }
        return address.preferred() ? message : message.attribute(LIFETIMES, deprecatedForever());
    }

    /** Preferred, valid, created and changed; in the machine's byte order, of which neither value has one. */
    private static byte[] deprecatedForever() {
        return ByteBuffer.allocate(4 * Integer.BYTES).putInt(0).putInt(FOREVER).array();
    }

    private static Message body(Message message, InterfaceAddress address, int index, int flags) {
        byte[] bytes = address.address().familyBytes();
        message.u8(Family.of(address.address()).number())
                .u8(address.length())
                .u8(flags)
                .u8(0)
                .u32(index)
                .attribute(LOCAL, bytes)
                .attribute(ADDRESS, bytes);
        address.label().ifPresent(label -> message.attribute(LABEL, label));
        return message;
    }

    static Optional<InterfaceAddress> decode(ByteBuffer payload, Map<Integer, String> names) {
        int length = Byte.toUnsignedInt(payload.get(1));
        var device = Optional.ofNullable(names.get(payload.getInt(4)));
        var attributes = Attributes.read(payload.position(8));
        // On a point-to-point device ADDRESS is the other end; LOCAL is ours. IPv6 has ADDRESS only.
        var address = attributes.address(LOCAL).or(() -> attributes.address(ADDRESS));
        int flags = (int) attributes.u32(FLAGS).orElse(Byte.toUnsignedInt(payload.get(2)));
        int metric = (int) attributes.u32(METRIC).orElse(0) & Integer.MAX_VALUE;
        return device.flatMap(name -> {
            var label = attributes.text(LABEL).filter(word -> !word.isEmpty() && !word.equals(name));
            return address.filter(own -> own.isV4() || isUsable(flags))
                    .map(own -> new InterfaceAddress(
                            name,
                            own,
                            length,
                            label,
                            own.isV4() ? 0 : metric,
                            own.isV4() || (flags & (TEMPORARY | DEPRECATED)) == 0));
        });
    }

    private static boolean isUsable(int flags) {
        boolean checked = (flags & TENTATIVE) == 0 || (flags & OPTIMISTIC) != 0;
        return checked && (flags & IS_ANOTHERS) == 0;
    }
}
