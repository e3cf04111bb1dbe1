package dev.tombolo.model.net;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address as 16 bytes; IPv4 is held as v4-mapped (::ffff:a.b.c.d), the form the eBPF maps use.
 *
 * @param high the first eight bytes, big-endian
 * @param low the last eight bytes, big-endian
 */
public record IpAddress(long high, long low) implements Comparable<IpAddress> {
    private static final long V4_MARK = 0xFFFFL << 32;

    public static IpAddress v4(int bits) {
        return new IpAddress(0, V4_MARK | Integer.toUnsignedLong(bits));
    }

    /** Reads 4 or 16 bytes in network order. */
    public static IpAddress of(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return switch (bytes.length) {
            case 4 -> v4(buffer.getInt());
            case 16 -> new IpAddress(buffer.getLong(), buffer.getLong());
            default -> throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
        };
    }

    /** Parses a literal; throws {@link IllegalArgumentException} with what was read. Zones and names are refused. */
    public static IpAddress parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
    }

    public static Optional<IpAddress> tryParse(String text) {
        return IpAddressText.parse(text);
    }

    public boolean isV4() {
        return high == 0 && (low & ~0xFFFFFFFFL) == V4_MARK;
    }

    /** The low 32 bits of an IPv4 address. */
    public int v4Bits() {
        return (int) low;
    }

    /** 32 or 128. */
    public int bits() {
        return isV4() ? 32 : 128;
    }

    /** Always 16 bytes, IPv4 as v4-mapped. */
    public byte[] bytes16() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /** 4 or 16 bytes, as the family has. */
    public byte[] familyBytes() {
        return isV4() ? ByteBuffer.allocate(4).putInt(v4Bits()).array() : bytes16();
    }

    /** The address {@code count} places further, or back where it is negative; within the family's own width. */
    public IpAddress plus(long count) {
        if (isV4()) {
            return v4((int) (v4Bits() + count));
        }
        long sum = low + count;
        int order = Long.compareUnsigned(sum, low);
        int carry = count >= 0 ? (order < 0 ? 1 : 0) : (order > 0 ? -1 : 0);
        return new IpAddress(high + carry, sum);
    }

    public boolean isLoopback() {
        return isV4() ? (v4Bits() >>> 24) == 127 : high == 0 && low == 1;
    }

    public boolean isUnspecified() {
        return isV4() ? v4Bits() == 0 : high == 0 && low == 0;
    }

    /** 169.254.0.0/16, where clouds keep their metadata services, and fe80::/10. */
    public boolean isLinkLocal() {
        return isV4() ? (v4Bits() >>> 16) == 0xA9FE : (high >>> 54) == (0xFE80 >>> 6);
    }

    public boolean isMulticast() {
        return isV4() ? (v4Bits() >>> 28) == 0xE : (high >>> 56) == 0xFF;
    }

    /** By hand: the generated ones are slow until they are compiled, and addresses are in most keys. */
    @Override
    public int hashCode() {
        return 31 * Long.hashCode(high) + Long.hashCode(low);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && high == that.high && low == that.low;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The canonical text: dotted quad, or RFC 5952. */
    @Override
    public String toString() {
        return IpAddressText.format(this);
    }
}
