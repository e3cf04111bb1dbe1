package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells all machines of a link that an address is here now, so that they do not go on sending to where it was: by
 * gratuitous ARP for IPv4, by an unsolicited neighbour advertisement for IPv6. Safe for use by many threads.
 */
public final class AddressAnnouncer implements AutoCloseable {
    static final int MAC_LENGTH = 6;

    private final ByteBuffer mac = ByteBuffer.allocateDirect(MAC_LENGTH);
    private final ByteBuffer message =
            ByteBuffer.allocateDirect(Math.max(GratuitousArp.LENGTH, UnsolicitedAdvertisement.LENGTH));
    private int fd;

    private AddressAnnouncer(int fd) {
        this.fd = fd;
    }

    public static AddressAnnouncer open() throws NetlinkException {
        return openIn(Optional.empty());
    }

    public static AddressAnnouncer openIn(Path netns) throws NetlinkException {
        return openIn(Optional.of(netns));
    }

    private static AddressAnnouncer openIn(Optional<Path> netns) throws NetlinkException {
        int fd = LibNetlink.openArp(netns.map(Path::toString).orElse(null));
        if (fd < 0) {
            throw new NetlinkException("opening", "a socket for announcements of addresses", new Errno(-fd), "");
        }
        return new AddressAnnouncer(fd);
    }

    /**
     * Announces once. An IPv4 address as a question and as an answer: there are machines that heed only one of them.
     *
     * @param device the index of an Ethernet device that is up
     * @throws NetlinkException {@code ENODEV}, {@code ENETDOWN}, {@code EOPNOTSUPP} for a device without ARP, or
     *     {@code ENOBUFS} where there was no room to send
     */
    public synchronized void announce(int device, IpAddress address) throws NetlinkException {
        check(LibNetlink.hardwareAddress(fd(), device, mac), device, address);
        byte[] own = new byte[MAC_LENGTH];
        mac.get(0, own);
        if (address.isV4()) {
            for (int operation : GratuitousArp.OPERATIONS) {
                message.put(0, GratuitousArp.message(operation, own, address));
                check(LibNetlink.sendArp(fd(), message, GratuitousArp.LENGTH, device), device, address);
            }
        } else {
            message.put(0, UnsolicitedAdvertisement.packet(own, address));
            check(LibNetlink.sendToAllNodes(fd(), message, UnsolicitedAdvertisement.LENGTH, device), device, address);
        }
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
