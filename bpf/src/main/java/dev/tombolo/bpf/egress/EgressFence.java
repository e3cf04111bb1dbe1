package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;

/**
 * Value of {@code eg_fence}. The programs write it: a row that is there already is put again only by who knows that the
 * address is still this node's, or what the wire has said is lost.
 *
 * @param deposedAt when another machine announced the address, in nanoseconds of the kernel's monotonic clock; 0 if none
 *     did
 * @param ownMac the hardware address that this node's own announcement left with, as the program compares it; 0 if none
 *     did yet
 */
public record EgressFence(long deposedAt, long ownMac) implements Packed {
    /** What is put for an address that this node owns: before it is announced, and again to restore it. */
    public static final EgressFence OWNED = new EgressFence(0, 0);

    /** Nothing is translated to the address, nor announced. */
    public boolean isDeposed() {
        return deposedAt != 0;
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(deposedAt).put(ownMac);
    }
}
