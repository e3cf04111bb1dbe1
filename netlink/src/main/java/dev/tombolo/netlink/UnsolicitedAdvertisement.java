package dev.tombolo.netlink;

import dev.tombolo.model.net.IpAddress;
import java.nio.ByteBuffer;

/**
 * The packet that says to all machines of a link where an IPv6 address is (RFC 4861, section 7.2.6): what
 * {@link GratuitousArp} is to IPv4.
 */
final class UnsolicitedAdvertisement {
    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
    private static final int HEADER = 40;
    private static final int MESSAGE = 32;
    static final int LENGTH = HEADER + MESSAGE;
    private static final int CHECKSUM_AT = HEADER + 2;
    private static final int VERSION = 6 << 28;
    private static final byte ICMP = 58;
    private static final byte HOP_LIMIT = (byte) 255;
    private static final byte ADVERTISEMENT = (byte) 136;
    private static final int OVERRIDE = 1 << 29;
    private static final byte TARGET_LINK = 2;

    private UnsolicitedAdvertisement() {}

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
}
