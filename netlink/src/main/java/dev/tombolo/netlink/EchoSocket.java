package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks IPv4 hosts for an echo (RFC 792). Their kernels answer, so that a host whose processes are all dead answers too.
 * Confined to one thread.
 */
public final class EchoSocket implements AutoCloseable {
    private static final int REQUEST = 8;
    private static final int HEADER = 8;
    private static final int TOKEN_AT = HEADER;
    private static final int LENGTH = HEADER + Long.BYTES;
    private static final int SOURCE_AT = 12;
    private static final int IP_HEADER = 20;
    private static final int LARGEST = 65_535;
    /** More than fit into the socket's buffer: a flood must not keep the caller here. */
    private static final int MOST_ANSWERS = 10_000;

    private final ByteBuffer request = ByteBuffer.allocateDirect(LARGEST).order(ByteOrder.BIG_ENDIAN);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(LARGEST).order(ByteOrder.BIG_ENDIAN);
    /** Who has not seen our requests cannot forge an answer to them. */
    private final long token = new SecureRandom().nextLong();

    private int fd;

    private EchoSocket(int fd) {
        this.fd = fd;
        request.put(0, (byte) REQUEST).putLong(TOKEN_AT, token);
        request.putShort(2, checksum());
    }

    public static EchoSocket open() throws NetlinkException {
        return openIn(Optional.empty());
    }

    public static EchoSocket openIn(Path netns) throws NetlinkException {
        return openIn(Optional.of(netns));
    }

    private static EchoSocket openIn(Optional<Path> netns) throws NetlinkException {
        int fd = LibNetlink.openEcho(netns.map(Path::toString).orElse(null));
        if (fd < 0) {
            throw new NetlinkException("opening", "a socket for echo requests", new Errno(-fd), "");
        }
        return new EchoSocket(fd);
    }

    /** False where this machine had no room to ask: that says nothing of the host. */
    public boolean ask(IpAddress host) {
        int sent = LibNetlink.sendEcho(fd(), request, LENGTH, host.v4Bits());
        return !isNoRoom(new Errno(Math.max(0, -sent)));
    }

    /**
     * Asks by one device and no other, whatever the routes are.
     *
     * @param source an address of this machine
     */
    public Asked ask(IpAddress host, String device, IpAddress source) {
        return ask(host, device, source, IP_HEADER + LENGTH);
    }

    /**
     * The same with a packet of that size, which the answer has too.
     *
     * @param size in bytes, with all headers; no more than the device takes at once
     */
    public Asked ask(IpAddress host, String device, IpAddress source, int size) {
        // What is added is zero, and so nothing to the checksum.
        int length = Math.clamp(size - IP_HEADER, LENGTH, LARGEST - IP_HEADER);
        int sent = LibNetlink.sendEchoBy(fd(), request, length, host.v4Bits(), device, source.v4Bits());
        if (sent >= 0) {
            return Asked.SENT;
        }
        return isNoRoom(new Errno(-sent)) ? Asked.NO_ROOM : Asked.NO_WAY;
    }

    /** What became of a question on this machine. */
    public enum Asked {
        SENT,
        /** For the moment; it says nothing of the host. */
        NO_ROOM,
        /** The device is not there or not up, or the source is no address of this machine. */
        NO_WAY
    }

    private static boolean isNoRoom(Errno error) {
        return error.equals(Errno.EAGAIN) || error.equals(Errno.ENOMEM) || error.equals(Errno.ENOBUFS);
    }

    /** The hosts whose answers have come in since the last call; does not wait. */
    public Set<IpAddress> answered() {
        return answeredSizes().keySet();
    }

    /** The same with the size of the largest answer of each. */
    public Map<IpAddress, Integer> answeredSizes() {
        var hosts = new HashMap<IpAddress, Integer>();
        for (int i = 0; i < MOST_ANSWERS; i++) {
            int length = LibNetlink.receive(fd(), answer, 0);
            if (length < 0) {
                break;
            }
            int head = (answer.get(0) & 0xF) * 4;
            if (length >= head + LENGTH && answer.getLong(head + TOKEN_AT) == token) {
                hosts.merge(IpAddress.v4(answer.getInt(SOURCE_AT)), length, Math::max);
            }
        }
        return hosts;
    }

    private short checksum() {
        int sum = 0;
        for (int i = 0; i < LENGTH; i += 2) {
            sum += Short.toUnsignedInt(request.getShort(i));
        }
        sum = (sum >>> 16) + (sum & 0xFFFF);
        return (short) ~(sum + (sum >>> 16));
    }

    private int fd() {
        if (fd < 0) {
            throw new IllegalStateException("this socket is closed");
        }
        return fd;
    }

    @Override
    public void close() {
        if (fd >= 0) {
            LibNetlink.close(fd);
            fd = -1;
        }
    }
}
