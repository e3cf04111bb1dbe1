package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;

/** The message that says to all machines of a link where an IPv4 address is (RFC 5227, section 3). */
final class GratuitousArp {
    static final int REQUEST = 1;
    static final int REPLY = 2;
    static final int[] OPERATIONS = {REQUEST, REPLY};
    static final int LENGTH = 28;
    private static final short ETHERNET = 1;
    private static final short IPV4 = 0x0800;
    private static final byte[] EVERYBODY = {-1, -1, -1, -1, -1, -1};

    private GratuitousArp() {}

    /** Sender and target are the same, which makes it an announcement. */
    static byte[] message(int operation, byte[] mac, IpAddress address) {
        return ByteBuffer.allocate(LENGTH)
                .putShort(ETHERNET)
                .putShort(IPV4)
                .put((byte) AddressAnnouncer.MAC_LENGTH)
                .put((byte) Integer.BYTES)
                .putShort((short) operation)
                .put(mac)
                .putInt(address.v4Bits())
                .put(EVERYBODY)
                .putInt(address.v4Bits())
                .array();
    }
}
