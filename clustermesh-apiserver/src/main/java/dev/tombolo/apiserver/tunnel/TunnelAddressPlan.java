package dev.tombolo.apiserver.tunnel;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Which node gets which tunnel address: one it has stays, and no two have the same. */
final class TunnelAddressPlan {
    private TunnelAddressPlan() {}

    /**
     * The addresses to write.
     *
     * @param nodes all nodes
     * @param held what is written on them; of two nodes with one address the first by name keeps it
     */
    static Map<String, IpAddress> missing(Collection<String> nodes, Map<String, IpAddress> held, Prefix range) {
        var taken = new HashSet<IpAddress>();
        var missing = new TreeMap<String, IpAddress>();
        var without = new java.util.ArrayList<String>();
        for (String node : new java.util.TreeSet<>(nodes)) {
            var address = held.get(node);
            if (address == null || !isUsable(address, range) || !taken.add(address)) {
                without.add(node);
            }
        }
        for (String node : without) {
            lowestFree(taken, range).ifPresent(address -> {
                taken.add(address);
                missing.put(node, address);
            });
        }
        return missing;
    }

    private static boolean isUsable(IpAddress address, Prefix range) {
        return range.contains(address) && !address.equals(range.address());
    }

    /** From the second address on: the first one names the network. */
    private static Optional<IpAddress> lowestFree(Set<IpAddress> taken, Prefix range) {
        // One more than are taken is always enough to find a free one, or the range is full.
        for (long offset = 1; offset <= taken.size() + 1L; offset++) {
            IpAddress candidate = range.address().plus(offset);
            if (!range.contains(candidate)) {
                return Optional.empty();
            }
            if (!taken.contains(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
