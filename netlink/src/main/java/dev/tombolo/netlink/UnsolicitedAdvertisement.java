package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells all machines of a link that an IPv6 address is here now (RFC 4861, section 7.2.6), so that they do not go on
 * sending to where it was: what {@link GratuitousArp} is to IPv4. Safe for use by many threads.
 */
public final class UnsolicitedAdvertisement implements AutoCloseable {
    private static final int MAC_LENGTH = GratuitousArp.MAC_LENGTH;
    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
    private static final int HEADER = 40;
    private static final int MESSAGE = 32;
    private static final int LENGTH = HEADER + MESSAGE;
    private static final int CHECKSUM_AT = HEADER + 2;
    private static final int VERSION = 6 << 28;
    private static final byte ICMP = 58;
    private static final byte HOP_LIMIT = (byte) 255;
    private static final byte ADVERTISEMENT = (byte) 136;
    private static final int OVERRIDE = 1 << 29;
    private static final byte TARGET_LINK = 2;

    private final ByteBuffer mac = ByteBuffer.allocateDirect(MAC_LENGTH);
    private final ByteBuffer packet = ByteBuffer.allocateDirect(LENGTH);
    private int fd;

    private UnsolicitedAdvertisement(int fd) {
        this.fd = fd;
    }

    public static UnsolicitedAdvertisement open() throws NetlinkException {
        return openIn(Optional.empty());
    }

    public static UnsolicitedAdvertisement openIn(Path netns) throws NetlinkException {
        return openIn(Optional.of(netns));
    }

    private static UnsolicitedAdvertisement openIn(Optional<Path> netns) throws NetlinkException {
        int fd = LibNetlink.openArp(netns.map(Path::toString).orElse(null));
        if (fd < 0) {
            throw new NetlinkException("opening", "a socket for neighbour advertisements", new Errno(-fd), "");
        }
        return new UnsolicitedAdvertisement(fd);
    }

    /**
     * Announces once.
     *
     * @param device the index of an Ethernet device that is up
     * @throws NetlinkException as {@link GratuitousArp#announce}
     */
    public synchronized void announce(int device, IpAddress address) throws NetlinkException {
        if (address.isV4()) {
            throw new IllegalArgumentException("neighbour discovery is of IPv6, not of " + address);
        }
        check(LibNetlink.hardwareAddress(fd(), device, mac), device, address);
        byte[] own = new byte[MAC_LENGTH];
        mac.get(0, own);
        packet.put(0, packet(own, address));
        check(LibNetlink.sendToAllNodes(fd(), packet, LENGTH, device), device, address);
    }

    /** The address is also the sender's, because it is one that the machine has for sure. */
    static byte[] packet(byte[] mac, IpAddress address) {
        var packet = ByteBuffer.allocate(LENGTH)
                .putInt(VERSION)
                .putShort((short) MESSAGE)
                .put(ICMP)
                .put(HOP_LIMIT)
                .put(address.bytes16())
                .put(ALL_NODES.bytes16())
                .put(ADVERTISEMENT)
                .put(new byte[3])
                .putInt(OVERRIDE)
                .put(address.bytes16())
                .put(TARGET_LINK)
                .put((byte) 1)
                .put(mac);
        return packet.putShort(CHECKSUM_AT, checksum(packet)).array();
    }

    /** Over both addresses, what else of the pseudo header is not zero, and the message (RFC 8200, section 8.1). */
    private static short checksum(ByteBuffer packet) {
        int sum = MESSAGE + ICMP;
        for (int at = 2 * Integer.BYTES; at < LENGTH; at += Short.BYTES) {
            sum += Short.toUnsignedInt(packet.getShort(at));
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> Short.SIZE);
        }
        return (short) ~sum;
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
