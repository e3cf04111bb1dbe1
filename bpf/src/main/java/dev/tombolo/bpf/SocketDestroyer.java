package dev.tombolo.bpf;

import dev.tombolo.bpf.service.ServedSocket;
import dev.tombolo.bpf.service.UdpReverse;
import dev.tombolo.bpf.service.UdpReverseKey;
import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Ends connected UDP sockets whose backend is gone: nothing else would ever make them choose again. What our
 * programs noted of a socket is found by its cookie, so one that chose the same address by itself is left alone. Works
 * on one network namespace at a time and needs CONFIG_INET_DIAG_DESTROY. Its calls block.
 */
public final class SocketDestroyer {
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final short BY_FAMILY = 20;
    private static final short DESTROY = 21;
    private static final short ERROR = 2;
    private static final short DONE = 3;
    private static final short REQUEST_ACK = 5;
    private static final short DUMP = 0x301;
    private static final byte[] FAMILIES = {2, 10};
    private static final byte UDP = 17;
    private static final int ESTABLISHED = 1 << 1;
    private static final int HEADER = 16;
    private static final int SOCKET_ID = 48;
    private static final int REQUEST_SIZE = HEADER + 8 + SOCKET_ID;
    private static final int PEER = 20;
    private static final int COOKIE = 40;
    private static final int MAX_DATAGRAMS = 100_000;

    /**
     * What became of the sockets that should end.
     *
     * @param refused why some are still there, or were not even found
     */
    public record Ended(int sockets, List<BpfException> refused) {}

    private final BpfMap<UdpReverseKey, UdpReverse> noted;

    SocketDestroyer(BpfMap<UdpReverseKey, UdpReverse> noted) {
        this.noted = noted;
    }

    /** Ends the sockets of that namespace (path of its file; empty is this one) that should be. One that is
     * refused does not keep the others; it fails as a whole only where the namespace cannot be entered. */
    public Ended endUdp(String netns, Predicate<ServedSocket> abandoned) throws BpfException {
        int fd = BpfException.check(
                LibBpf.device(LibBpf.NETLINK_SOCKET, 0, netns, "", NETLINK_SOCK_DIAG, 0, 0), "opening", "sock_diag");
        try {
            return endUdp(fd, abandoned);
        } finally {
            LibBpf.closeFd(fd);
        }
    }

    private Ended endUdp(int fd, Predicate<ServedSocket> abandoned) {
        int ended = 0;
        var refused = new ArrayList<BpfException>();
        try {
            for (byte family : FAMILIES) {
                for (byte[] id : connected(fd, family, abandoned)) {
                    int errno = end(fd, family, id);
                    if (errno == 0) {
                        ended++;
                    } else if (errno != Errno.ENOENT) {
                        // ENOENT: closed by its owner meanwhile, or connected anew.
                        refused.add(new BpfException("ending", "a UDP socket", errno, ""));
                    }
                }
            }
        } catch (BpfException unanswered) {
            // What would be read next may be the rest of an answer that was not for the next question.
            refused.add(unanswered);
        }
        return new Ended(ended, List.copyOf(refused));
    }

    private static int end(int fd, byte family, byte[] id) throws BpfException {
        ask(fd, DESTROY, REQUEST_ACK, family, id);
        return acknowledgement(fd);
    }

    private List<byte[]> connected(int fd, byte family, Predicate<ServedSocket> abandoned) throws BpfException {
        ask(fd, BY_FAMILY, DUMP, family, new byte[SOCKET_ID]);
        var found = new ArrayList<byte[]>();
        var answer = ByteBuffer.allocateDirect(65_536).order(ByteOrder.nativeOrder());
        boolean more = true;
        for (int i = 0; more && i < MAX_DATAGRAMS; i++) {
            int size = BpfException.check(LibBpf.netlinkReceive(fd, answer, answer.capacity()), "reading", "sock_diag");
            more = collect(answer, size, family, abandoned, found);
        }
        return found;
    }

    /** Takes what is wanted from the messages of one datagram; false after the last. */
    private boolean collect(
            ByteBuffer answer, int size, byte family, Predicate<ServedSocket> abandoned, List<byte[]> found)
            throws BpfException {
        int length;
        for (int at = 0; at + HEADER <= size; at += length) {
            short type = answer.getShort(at + 4);
            if (type == DONE) {
                return false;
            }
            BpfException.check(type == ERROR ? answer.getInt(at + HEADER) : 0, "listing", "UDP sockets");
            byte[] id = new byte[SOCKET_ID];
            answer.get(at + HEADER + 4, id);
            served(id, family).filter(abandoned).ifPresent(_ -> found.add(id));
            length = Math.max(HEADER, answer.getInt(at) + 3 & ~3);
        }
        return true;
    }

    /** What our programs noted of a socket; empty for one that they did not send where it is. */
    private Optional<ServedSocket> served(byte[] id, byte family) throws BpfException {
        byte[] peer = Arrays.copyOfRange(id, PEER, PEER + (family == 2 ? 4 : 16));
        var backend = IpAddress.of(peer);
        int port = (id[2] & 0xFF) << 8 | id[3] & 0xFF;
        long cookie = ByteBuffer.wrap(id).order(ByteOrder.nativeOrder()).getLong(COOKIE);
        return noted.lookup(new UdpReverseKey(cookie, backend, port))
                .map(reverse ->
                        new ServedSocket(reverse.service(), reverse.port(), backend, port, reverse.clusterId()));
    }

    private static void ask(int fd, short type, short flags, byte family, byte[] id) throws BpfException {
        var request = ByteBuffer.allocateDirect(REQUEST_SIZE).order(ByteOrder.nativeOrder());
        request.putInt(REQUEST_SIZE).putShort(type).putShort(flags).putInt(1).putInt(0);
        request.put(family).put(UDP).putShort((short) 0).putInt(ESTABLISHED).put(id);
        BpfException.check(LibBpf.netlinkSend(fd, request, REQUEST_SIZE), "asking", "sock_diag");
    }

    private static int acknowledgement(int fd) throws BpfException {
        var answer = ByteBuffer.allocateDirect(4_096).order(ByteOrder.nativeOrder());
        BpfException.check(LibBpf.netlinkReceive(fd, answer, answer.capacity()), "reading", "sock_diag");
        return -answer.getInt(HEADER);
    }
}
