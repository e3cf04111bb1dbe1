package dev.tombolo.egress.plan;

import dev.tombolo.model.net.IpAddress;
import java.util.HashMap;
import java.util.Map;

/** How many addresses and pods are in each set. */
final class SetTally {
    private final Map<SetKey, Integer> addresses = new HashMap<>();
    private final Map<SetKey, Integer> pods = new HashMap<>();
    private int total;

    SetTally copy() {
        var copy = new SetTally();
        copy.addresses.putAll(addresses);
        copy.pods.putAll(pods);
        copy.total = total;
        return copy;
    }

    void add(Claim claim, IpAddress address) {
        claim.set().ifPresent(set -> count(set, 1, claim.isFirst(address) ? 1 : 0));
    }

    void remove(Claim claim, IpAddress address) {
        claim.set().ifPresent(set -> count(set, -1, claim.isFirst(address) ? -1 : 0));
    }

    private void count(SetKey set, int one, int pod) {
        total += one;
        if (addresses.merge(set, one, Integer::sum) == 0) {
            addresses.remove(set);
            pods.remove(set);
        } else {
            pods.merge(set, pod, Integer::sum);
        }
    }

    int addresses() {
        return total;
    }

    /** Of sets that an address is in. */
    Map<SetKey, Integer> pods() {
        return Map.copyOf(pods);
    }
}
