package dev.tombolo.bpf.egress;

import dev.tombolo.bpf.FieldWriter;
import dev.tombolo.bpf.Packed;
import dev.tombolo.model.egress.PodSlot;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Value of {@code eg_group}: gateway ids, of which a pod takes the one that its address hashes to. */
public record EgressGroup(int count, List<Integer> slots) implements Packed {
    public static final int MAX_SLOTS = 64;

    /** The rest of the array is zero, as the kernel gives it back. */
    public EgressGroup {
        if (count < 0 || count > MAX_SLOTS || slots.size() > MAX_SLOTS) {
            throw new IllegalArgumentException("a group has room for " + MAX_SLOTS + " gateways");
        }
        var filled = new ArrayList<>(slots);
        filled.addAll(Collections.nCopies(MAX_SLOTS - slots.size(), 0));
        slots = List.copyOf(filled);
    }

    /** @param gatewayIds one per slot, at most {@value #MAX_SLOTS} */
    public static EgressGroup of(List<Integer> gatewayIds) {
        return new EgressGroup(gatewayIds.size(), gatewayIds);
    }

    /** Who serves a new flow of the pod, as the program computes it; the group must have a gateway. */
    public int gatewayOf(IpAddress pod) {
        return slots.get(PodSlot.of(pod, count));
    }

    @Override
    public void writeTo(FieldWriter fields) {
        fields.put(count).put(slots);
    }
}
