package dev.tombolo.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Network devices. */
public final class Links {
    private static final int NAME = 3;
    private static final int MTU = 4;
    private static final int LINK_INFO = 18;
    private static final int KIND = 1;
    private static final int UP = 1;
    private static final int LOWER_UP = 0x1_0000;
    /** The hardware type, as ARP numbers them. */
    private static final int ETHERNET = 1;

    private static final int LONGEST_NAME = 15;

    private final NetlinkSocket socket;

    Links(NetlinkSocket socket) {
        this.socket = socket;
    }

    public List<Link> list() throws IOException {
        var request = new Message(Rtnetlink.GETLINK, Rtnetlink.REQUEST | Rtnetlink.DUMP);
        return socket.dump(header(request, 0, 0, 0), "links").stream()
                .map(Links::decode)
                .toList();
    }

    public Optional<Link> find(String name) throws IOException {
        return list().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** Makes a device of a kind such as {@code wireguard}; one of that name and kind already there is success. */
    public void add(String name, String kind) throws IOException {
        try {
            socket.request(adding(name, kind), "adding", kind + " device " + name);
        } catch (NetlinkException e) {
            if (!e.errno().equals(Errno.EEXIST) || !isOfKind(name, kind)) {
                throw e;
            }
        }
    }

    private boolean isOfKind(String name, String kind) throws IOException {
        return find(name).flatMap(Link::kind).filter(kind::equals).isPresent();
    }

    public void setUp(String name) throws IOException {
        var message = new Message(Rtnetlink.NEWLINK, Rtnetlink.REQUEST | Rtnetlink.ACK);
        socket.request(named(header(message, 0, UP, UP), name), "setting up", "device " + name);
    }

    public void setMtu(String name, int mtu) throws IOException {
        var message = new Message(Rtnetlink.NEWLINK, Rtnetlink.REQUEST | Rtnetlink.ACK);
        socket.request(named(header(message, 0, 0, 0), name).attribute(MTU, mtu), "setting the MTU", "device " + name);
    }

    /** Deletes a device; an absent one is success. */
    public void delete(String name) throws IOException {
        var message = new Message(Rtnetlink.DELLINK, Rtnetlink.REQUEST | Rtnetlink.ACK);
        try {
            socket.request(named(header(message, 0, 0, 0), name), "deleting", "device " + name);
        } catch (NetlinkException e) {
            if (!e.errno().equals(Errno.ENODEV)) {
                throw e;
            }
        }
    }

    Optional<Integer> index(String name) throws IOException {
        return find(name).map(Link::index);
    }

    /** The index of a device that must be there. */
    int requireIndex(String name, String operation, String object) throws IOException {
        var index = index(name);
        if (index.isEmpty()) {
            throw new NetlinkException(operation, object, Errno.ENODEV, "there is no device " + name);
        }
        return index.get();
    }

    Map<Integer, String> nameByIndex() throws IOException {
        var names = new HashMap<Integer, String>();
        list().forEach(link -> names.put(link.index(), link.name()));
        return names;
    }

    static Message adding(String name, String kind) {
        var message = new Message(
                Rtnetlink.NEWLINK, Rtnetlink.REQUEST | Rtnetlink.ACK | Rtnetlink.CREATE | Rtnetlink.EXCLUSIVE);
        return named(header(message, 0, 0, 0), name)
                .nested(LINK_INFO, info -> info.attribute(KIND, kind.getBytes(StandardCharsets.UTF_8)));
    }

    private static Message named(Message message, String name) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("a device name has 1 to " + LONGEST_NAME + " characters, not: " + name);
        }
        return message.attribute(NAME, name);
    }

    private static Message header(Message message, int index, int flags, int change) {
        return message.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }

    static Link decode(ByteBuffer payload) {
        int type = Short.toUnsignedInt(payload.getShort(2));
        int index = payload.getInt(4);
        int flags = payload.getInt(8);
        var attributes = Attributes.read(payload.position(16));
        return new Link(
                index,
                attributes.text(NAME).orElse(""),
                (int) attributes.u32(MTU).orElse(0),
                (flags & UP) != 0,
                (flags & LOWER_UP) != 0,
                type == ETHERNET,
                attributes.nested(LINK_INFO).text(KIND));
    }
}
