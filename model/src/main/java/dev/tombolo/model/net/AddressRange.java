package dev.tombolo.model.net;

import java.math.BigInteger;
import java.util.Comparator;

/**
 * Addresses of one family that follow one another.
 *
 * @param first the lowest
 * @param last the highest; it is in the range
 */
public record AddressRange(IpAddress first, IpAddress last) implements Comparable<AddressRange> {
    private static final Comparator<AddressRange> ORDER =
            Comparator.comparing(AddressRange::first).thenComparing(AddressRange::last);

    public AddressRange {
        if (first.isV4() != last.isV4() || first.compareTo(last) > 0) {
            throw new IllegalArgumentException(first + " to " + last + " is no range of addresses");
        }
    }

    /** All addresses of a prefix. */
    public static AddressRange of(Prefix prefix) {
        var first = prefix.address();
        int free = first.bits() - prefix.length();
        long high = free <= Long.SIZE ? first.high() : first.high() | ones(free - Long.SIZE);
        return new AddressRange(first, new IpAddress(high, first.low() | ones(Math.min(free, Long.SIZE))));
    }

    /**
     * The addresses of a prefix that a machine can have: IPv4's network and broadcast address are none, nor is IPv6's
     * lowest, which means any router of the subnet (RFC 4291, 2.6.1). A prefix of one or two addresses has no such.
     */
    public static AddressRange hosts(Prefix prefix) {
        var all = of(prefix);
        boolean tiny = prefix.length() >= prefix.address().bits() - 1;
        return tiny
                ? all
                : new AddressRange(
                        all.first().plus(1), prefix.isV4() ? all.last().plus(-1) : all.last());
    }

    private static long ones(int count) {
        return count == 0 ? 0 : -1L >>> (Long.SIZE - count);
    }

    public boolean isV4() {
        return first.isV4();
    }

    public boolean contains(IpAddress address) {
        return address.isV4() == isV4() && first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    public boolean overlaps(AddressRange other) {
        return contains(other.first) || other.contains(first);
    }

    /** How many addresses it has; {@link Long#MAX_VALUE} where they are more. */
    public long size() {
        long difference = last.low() - first.low();
        return first.high() != last.high() || difference < 0 || difference == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : difference + 1;
    }

    /** How many addresses it has, however many. */
    public BigInteger count() {
        return new BigInteger(1, last.bytes16())
                .subtract(new BigInteger(1, first.bytes16()))
                .add(BigInteger.ONE);
    }

    @Override
    public int compareTo(AddressRange other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
