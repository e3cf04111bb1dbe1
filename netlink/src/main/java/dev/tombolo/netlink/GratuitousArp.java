package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells all machines of a link that an IPv4 address is here now (RFC 5227, section 3), so that they do not go on sending
 * to where it was. Safe for use by many threads.
 */
public final class GratuitousArp implements AutoCloseable {
    static final int REQUEST = 1;
    static final int REPLY = 2;
    static final int MAC_LENGTH = 6;
    private static final int LENGTH = 28;
    private static final short ETHERNET = 1;
    private static final short IPV4 = 0x0800;
    private static final byte[] EVERYBODY = {-1, -1, -1, -1, -1, -1};

    private final ByteBuffer mac = ByteBuffer.allocateDirect(MAC_LENGTH);
    private final ByteBuffer message = ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.BIG_ENDIAN);
    private int fd;

    private GratuitousArp(int fd) {
        this.fd = fd;
    }

    public static GratuitousArp open() throws NetlinkException {
        return openIn(Optional.empty());
    }

    public static GratuitousArp openIn(Path netns) throws NetlinkException {
        return openIn(Optional.of(netns));
    }

    private static GratuitousArp openIn(Optional<Path> netns) throws NetlinkException {
        int fd = LibNetlink.openArp(netns.map(Path::toString).orElse(null));
        if (fd < 0) {
            throw new NetlinkException("opening", "a socket for gratuitous ARP", new Errno(-fd), "");
        }
        return new GratuitousArp(fd);
    }

    /**
     * Announces once, as a question and as an answer: there are machines that heed only one of them.
     *
     * @param device the index of an Ethernet device that is up
     * @throws NetlinkException {@code ENODEV}, {@code ENETDOWN}, {@code EOPNOTSUPP} for a device without ARP, or
     *     {@code ENOBUFS} where there was no room to send
     */
    public synchronized void announce(int device, IpAddress address) throws NetlinkException {
        if (!address.isV4()) {
            throw new IllegalArgumentException("ARP is of IPv4, not of " + address);
        }
        check(LibNetlink.hardwareAddress(fd(), device, mac), device, address);
        byte[] own = new byte[MAC_LENGTH];
        mac.get(0, own);
        for (int operation : new int[] {REQUEST, REPLY}) {
            message.put(0, message(operation, own, address));
            check(LibNetlink.sendArp(fd(), message, LENGTH, device), device, address);
        }
    }

    /** Sender and target are the same, which makes it an announcement. */
    static byte[] message(int operation, byte[] mac, IpAddress address) {
        return ByteBuffer.allocate(LENGTH)
                .putShort(ETHERNET)
                .putShort(IPV4)
                .put((byte) MAC_LENGTH)
                .put((byte) Integer.BYTES)
                .putShort((short) operation)
                .put(mac)
                .putInt(address.v4Bits())
                .put(EVERYBODY)
                .putInt(address.v4Bits())
                .array();
    }

    private static void check(int result, int device, IpAddress address) throws NetlinkException {
        if (result < 0) {
            throw new NetlinkException("announcing", address + " on device " + device, new Errno(-result), "");
        }
    }

    private int fd() {
        if (fd < 0) {
            throw new IllegalStateException("this socket is closed");
        }
        return fd;
    }

    @Override
    public synchronized void close() {
        if (fd >= 0) {
            LibNetlink.close(fd);
            fd = -1;
        }
    }
}
