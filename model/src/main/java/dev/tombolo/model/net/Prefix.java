package dev.tombolo.model.net;

import java.util.Optional;

/**
 * An address range in CIDR form; host bits are always zero.
 *
 * @param length in the family's own bits: 0–32 for IPv4, 0–128 for IPv6
 */
public record Prefix(IpAddress address, int length) implements Comparable<Prefix> {
    public Prefix {
        if (length < 0 || length > address.bits()) {
            throw new IllegalArgumentException("prefix length " + length + " is not within 0–" + address.bits());
        }
        address = masked(address, length);
    }

    /** The /32 or /128 of one address. */
    public static Prefix host(IpAddress address) {
        return new Prefix(address, address.bits());
    }

    /** Parses {@code address/length}, or a bare address as its host prefix. */
    public static Prefix parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not a CIDR: " + text));
    }

    public static Optional<Prefix> tryParse(String text) {
        if (text == null) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        var address = IpAddress.tryParse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty() || slash < 0) {
            return address.map(Prefix::host);
        }
        String digits = text.substring(slash + 1);
        if (!digits.matches("\\d{1,3}")
                || Integer.parseInt(digits) > address.get().bits()) {
            return Optional.empty();
        }
        return Optional.of(new Prefix(address.get(), Integer.parseInt(digits)));
    }

    public boolean isV4() {
        return address.isV4();
    }

    public boolean isHost() {
        return length == address.bits();
    }

    public boolean contains(IpAddress candidate) {
        long high = candidate.high() ^ address.high();
        long low = candidate.low() ^ address.low();
        return candidate.isV4() == isV4() && (high & highMask(bits())) == 0 && (low & lowMask(bits())) == 0;
    }

    /** Of the 128 that an address has here. */
    private int bits() {
        return isV4() ? 96 + length : length;
    }

    public boolean contains(Prefix other) {
        return other.length >= length && contains(other.address);
    }

    public boolean overlaps(Prefix other) {
        return contains(other) || other.contains(this);
    }

    private static IpAddress masked(IpAddress address, int length) {
        int bits = address.isV4() ? 96 + length : length;
        return address.isV4() && length == 0
                ? IpAddress.v4(0)
                : new IpAddress(address.high() & highMask(bits), address.low() & lowMask(bits));
    }

    private static long highMask(int bits) {
        return bits >= 64 ? -1L : bits == 0 ? 0 : -1L << (64 - bits);
    }

    private static long lowMask(int bits) {
        return bits <= 64 ? 0 : -1L << (128 - bits);
    }

    /** By hand, as those of an address are, and for the same reason. */
    @Override
    public int hashCode() {
        return 31 * address.hashCode() + length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Prefix that && length == that.length && address.equals(that.address);
    }

    @Override
    public int compareTo(Prefix other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
