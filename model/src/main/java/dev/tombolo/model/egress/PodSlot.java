package dev.tombolo.model.egress;

import dev.tombolo.model.net.IpAddress;

/** Which slot of its gateway group a pod has. The plans, the map rows and the eBPF programs have to agree on it. */
public final class PodSlot {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private PodSlot() {}

    /**
     * {@code address_hash} in C: the address' two halves folded and multiplied, of the product the high 32 bits.
     *
     * @param slots how many the group has, at least one
     */
    public static int of(IpAddress pod, int slots) {
        long hash = (pod.high() ^ pod.low()) * GOLDEN >>> 32;
        return (int) (hash % slots);
    }
}
