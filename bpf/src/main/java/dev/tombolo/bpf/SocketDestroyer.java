package dev.tombolo.bpf;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends connected UDP sockets whose backend is gone: nothing else would ever make them choose again. Works on one
 * network namespace at a time and needs CONFIG_INET_DIAG_DESTROY.
 */
public final class SocketDestroyer {
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final short BY_FAMILY = 20;
    private static final short DESTROY = 21;
    private static final short DONE = 3;
    private static final short REQUEST = 1;
    private static final short REQUEST_ACK = 5;
    private static final short DUMP = 0x301;
    private static final byte UDP = 17;
    private static final int ESTABLISHED = 1 << 1;
    private static final int SOCKET_ID = 48;
    private static final int REQUEST_SIZE = 16 + 8 + SOCKET_ID;
    private static final int MAX_DATAGRAMS = 100_000;

    private SocketDestroyer() {}

    /** Ends the sockets of that namespace (path of its file; empty is this one) that talk to the place; how many. */
    public static int destroyUdp(String netns, IpAddress address, int port) throws BpfException {
        int fd = BpfException.check(
                LibBpf.device(LibBpf.NETLINK_SOCKET, 0, netns, "", NETLINK_SOCK_DIAG), "opening", "sock_diag");
        try {
            int destroyed = 0;
            for (byte family : address.isV4() ? new byte[] {2, 10} : new byte[] {10}) {
                for (byte[] id : connected(fd, family, address, port)) {
                    send(fd, DESTROY, REQUEST_ACK, family, id);
                    int errno = acknowledgement(fd);
                    // Closed by its owner meanwhile.
                    if (errno != Errno.ENOENT) {
                        BpfException.check(-errno, "ending", "a socket to " + address + ":" + port);
                        destroyed++;
                    }
                }
            }
            return destroyed;
        } finally {
            LibBpf.closeFd(fd);
        }
    }

    private static List<byte[]> connected(int fd, byte family, IpAddress address, int port) throws BpfException {
        send(fd, BY_FAMILY, (short) (REQUEST | DUMP), family, new byte[SOCKET_ID]);
        var found = new ArrayList<byte[]>();
        var answer = ByteBuffer.allocateDirect(65_536).order(ByteOrder.nativeOrder());
        for (int i = 0; i < MAX_DATAGRAMS; i++) {
            int size = BpfException.check(LibBpf.netlinkReceive(fd, answer, answer.capacity()), "reading", "sock_diag");
            for (int at = 0; at + 16 <= size; at += (answer.getInt(at) + 3) & ~3) {
                short type = answer.getShort(at + 4);
                if (type == DONE) {
                    return found;
                }
                BpfException.check(type == 2 ? answer.getInt(at + 16) : 0, "listing", "UDP sockets");
                byte[] id = new byte[SOCKET_ID];
                answer.get(at + 20, id);
                if (isPeer(id, family, address, port)) {
                    found.add(id);
                }
            }
        }
        return found;
    }

    private static boolean isPeer(byte[] id, byte family, IpAddress address, int port) {
        byte[] peer = new byte[family == 2 ? 4 : 16];
        System.arraycopy(id, 20, peer, 0, peer.length);
        int peerPort = (id[2] & 0xFF) << 8 | id[3] & 0xFF;
        return peerPort == port && IpAddress.of(peer).equals(address);
    }

    private static void send(int fd, short type, short flags, byte family, byte[] id) throws BpfException {
        var request = ByteBuffer.allocateDirect(REQUEST_SIZE).order(ByteOrder.nativeOrder());
        request.putInt(REQUEST_SIZE).putShort(type).putShort(flags).putInt(1).putInt(0);
        request.put(family).put(UDP).putShort((short) 0).putInt(ESTABLISHED).put(id);
        BpfException.check(LibBpf.netlinkSend(fd, request, REQUEST_SIZE), "asking", "sock_diag");
    }

    private static int acknowledgement(int fd) throws BpfException {
        var answer = ByteBuffer.allocateDirect(4_096).order(ByteOrder.nativeOrder());
        BpfException.check(LibBpf.netlinkReceive(fd, answer, answer.capacity()), "reading", "sock_diag");
        return -answer.getInt(16);
    }
}
