package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.SocketEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The TCP connections of one network namespace, as the kernel's socket diagnostics (linux/inet_diag.h) show them. Ending
 * one needs CAP_NET_ADMIN in the namespace and a kernel with CONFIG_INET_DIAG_DESTROY. Safe for use by many threads.
 */
public final class TcpConnections implements AutoCloseable {
    private static final int SOCK_DIAG = 4;
    private static final int BY_FAMILY = 20;
    private static final int DESTROY = 21;
    private static final int TCP = 6;
    private static final int[] FAMILIES = {2, 10};
    private static final int SOCKET_ID = 48;

    /** States in which something may still be sent: established, being accepted, and closed by the other side only. */
    private static final int SENDING = 1 << 1 | 1 << 3 | 1 << 8;

    private final NetlinkSocket socket;

    /** The two ends of a connection. */
    public record Connection(SocketEndpoint local, SocketEndpoint remote) {}

    private record Found(int family, byte[] id, Connection connection) {}

    private TcpConnections(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Of the namespace this process runs in. */
    public static TcpConnections open() throws IOException {
        return new TcpConnections(NetlinkSocket.open(Optional.empty(), SOCK_DIAG));
    }

    /** Of another namespace, by its path; no thread of this process moves there. */
    public static TcpConnections openIn(Path netns) throws IOException {
        return new TcpConnections(NetlinkSocket.open(Optional.of(netns), SOCK_DIAG));
    }

    /** Resets the chosen ones of the connections whose local port this is; how many there were. */
    public int end(int localPort, Predicate<Connection> chosen) throws IOException {
        int ended = 0;
        for (int family : FAMILIES) {
            for (Found found : find(family, localPort)) {
                if (chosen.test(found.connection)) {
                    ended += destroy(found);
                }
            }
        }
        return ended;
    }

    private List<Found> find(int family, int localPort) throws IOException {
        byte[] id = new byte[SOCKET_ID];
        id[0] = (byte) (localPort >>> 8);
        id[1] = (byte) localPort;
        var found = new ArrayList<Found>();
        for (var answer : socket.dump(message(BY_FAMILY, Rtnetlink.DUMP, family, id), "TCP connections")) {
            byte[] of = new byte[SOCKET_ID];
            answer.get(4, of);
            var connection = new Connection(end(of, 0, 4, family), end(of, 2, 20, family));
            if (connection.local().port() == localPort) {
                found.add(new Found(family, of, connection));
            }
        }
        return found;
    }

    private int destroy(Found found) throws IOException {
        try {
            socket.request(
                    message(DESTROY, Rtnetlink.ACK, found.family, found.id),
                    "ending",
                    "the connection from " + found.connection.remote());
            return 1;
        } catch (NetlinkException failure) {
            if (Errno.ENOENT.equals(failure.errno())) {
                return 0; // It ended meanwhile.
            }
            throw failure;
        }
    }

    private static Message message(int type, int flags, int family, byte[] id) {
        return new Message(type, Rtnetlink.REQUEST | flags)
                .u8(family)
                .u8(TCP)
                .u16(0)
                .u32(SENDING)
                .bytes(id);
    }

    private static SocketEndpoint end(byte[] id, int port, int address, int family) {
        var bytes = ByteBuffer.wrap(id).order(ByteOrder.BIG_ENDIAN);
        byte[] ip = new byte[family == FAMILIES[0] ? 4 : 16];
        bytes.get(address, ip);
        return new SocketEndpoint(IpAddress.of(ip), Short.toUnsignedInt(bytes.getShort(port)));
    }

    @Override
    public void close() {
        socket.close();
    }
}
