package dev.tombolo.model.identity;

/** A numeric security identity, unsigned 32 bits, as Cilium numbers them. */
public record SecurityIdentity(long value) implements Comparable<SecurityIdentity> {
    /** Identities below this number are reserved. */
    public static final long FIRST_ALLOCATABLE = 256;

    public static final SecurityIdentity UNKNOWN = new SecurityIdentity(0);
    public static final SecurityIdentity HOST = new SecurityIdentity(1);
    public static final SecurityIdentity WORLD = new SecurityIdentity(2);
    public static final SecurityIdentity REMOTE_NODE = new SecurityIdentity(6);

    public SecurityIdentity {
        if (value < 0 || value > 0xFFFFFFFFL) {
            throw new IllegalArgumentException("identity " + value + " does not fit 32 bits");
        }
    }

    public boolean isReserved() {
        return value < FIRST_ALLOCATABLE;
    }

    @Override
    public int compareTo(SecurityIdentity other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
