package dev.tombolo.model.bgp;

/** The number of an autonomous system, of four bytes (RFC 6793): 1–4294967295. */
public record Asn(long number) implements Comparable<Asn> {
    public static final long LARGEST = 0xffff_ffffL;

    public Asn {
        if (number < 1 || number > LARGEST) {
            throw new IllegalArgumentException("AS number " + number + " is not within 1–" + LARGEST);
        }
    }

    @Override
    public int compareTo(Asn other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
