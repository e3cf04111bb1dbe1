package dev.tombolo.netlink;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The connections that the kernel tracks in one network namespace. Needs CAP_NET_ADMIN there. Safe for use by many threads;
 * where a listing failed, the socket is of no further use.
 */
public final class Conntrack implements AutoCloseable {
    private static final int NETFILTER = 12;
    private static final Errno BUSY = new Errno(16);
    private static final Errno NO_SUCH_PROTOCOL = new Errno(93);

    private final NetlinkSocket socket;

    /** Takes connections one by one. */
    @FunctionalInterface
    public interface Visitor {
        void visit(TrackedConnection connection) throws IOException;
    }

    private Conntrack(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Of the namespace this process runs in. */
    public static Conntrack open() throws IOException {
        return open(Optional.empty());
    }

    /** Of another namespace, by its path; no thread of this process moves there. */
    public static Conntrack openIn(Path netns) throws IOException {
        return open(Optional.of(netns));
    }

    private static Conntrack open(Optional<Path> netns) throws IOException {
        try {
            return new Conntrack(NetlinkSocket.open(netns, NETFILTER));
        } catch (NetlinkException refused) {
            throw NO_SUCH_PROTOCOL.equals(refused.errno()) ? new NoConntrackException(refused) : refused;
        }
    }

    /**
     * Shows the connections of both families that have any of these bits in their mark, or whose source is translated, while
     * they are read: there may be very many. Those that come and go meanwhile may be missed. The visitor must not use this
     * object.
     */
    public void visit(int markBits, Visitor visitor) throws IOException {
        try {
            socket.visit(ConntrackCodec.listing(), "tracked connections", message -> {
                var connection = ConntrackCodec.decode(message, markBits);
                if (connection.isPresent()) {
                    visitor.visit(connection.get());
                }
            });
        } catch (NetlinkException refused) {
            // Of a part of the kernel that is not there.
            throw Errno.EINVAL.equals(refused.errno()) ? new NoConntrackException(refused) : refused;
        }
    }

    /**
     * Has the kernel forget a connection: its next packet is that of a new one. False where it was gone already, or another
     * one is in its place, and where a flow table carries it past the stack.
     */
    public boolean delete(TrackedConnection connection) throws IOException {
        try {
            socket.request(
                    ConntrackCodec.deleting(connection), "forgetting", "a connection from " + connection.source());
            return true;
        } catch (NetlinkException refused) {
            if (Errno.ENOENT.equals(refused.errno()) || BUSY.equals(refused.errno())) {
                return false;
            }
            throw refused;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
