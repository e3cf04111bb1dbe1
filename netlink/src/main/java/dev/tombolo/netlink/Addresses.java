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
    /** A tunnel has nobody to ask whether an IPv6 address is free: without this it can't be used for a second. */
    private static final int NO_DUPLICATE_DETECTION = 0x02;

    private final NetlinkSocket socket;
    private final Links links;

    Addresses(NetlinkSocket socket, Links links) {
        this.socket = socket;
        this.links = links;
    }

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

    /** Adds an address; one already there is success, and keeps the label that it has. */
    public void add(InterfaceAddress address) throws IOException {
        int index = links.requireIndex(address.device(), "adding", "address " + address);
        socket.request(adding(address, index), "adding", "address " + address);
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
        int flags = Rtnetlink.REQUEST | Rtnetlink.ACK | Rtnetlink.CREATE | Rtnetlink.REPLACE;
        int addressFlags = address.address().isV4() ? 0 : NO_DUPLICATE_DETECTION;
        return body(new Message(Rtnetlink.NEWADDR, flags), address, index, addressFlags);
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
        return device.flatMap(name -> {
            var label = attributes.text(LABEL).filter(word -> !word.isEmpty() && !word.equals(name));
            return address.map(own -> new InterfaceAddress(name, own, length, label));
        });
    }
}
