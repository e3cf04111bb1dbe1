package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import java.nio.ByteBuffer;

/**
 * A connection, or what goes for one, as the kernel tracks it.
 *
 * @param source who began it, before any translation; in place of a port, ICMP has the id of its echoes
 * @param destination whom it was meant for, before any translation; without ports, 0
 * @param answered whom answers are sent to: another one than the source where that is translated
 * @param mark of the connection, not of its packets
 * @param id by which the kernel tells it from another one of the same ends
 * @param tuple the ends of it in the kernel's own writing
 */
public record TrackedConnection(
        SocketEndpoint source,
        SocketEndpoint destination,
        IpAddress answered,
        int protocol,
        int mark,
        int id,
        ByteBuffer tuple) {
    public static final int TCP = 6;

    public boolean isTcp() {
        return protocol == TCP;
    }

    /** Packets leave from another address than that of who sent them. */
    public boolean isSourceTranslated() {
        return !source.address().equals(answered);
    }
}
