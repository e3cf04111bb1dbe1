package dev.tombolo.agent.order;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.WireGuardKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which peer carries what, as WireGuard keeps it: a prefix is of one peer, and a peer that is given it takes it. */
final class Carriers {
    private final Map<Prefix, WireGuardKey> owners = new HashMap<>();
    private final Map<WireGuardKey, Set<Prefix>> prefixes = new HashMap<>();
    private final Map<Prefix, Set<WireGuardKey>> losers = new HashMap<>();
    private final Lengths lengths = new Lengths();

    void clear() {
        owners.clear();
        prefixes.clear();
        losers.clear();
        lengths.clear();
    }

    Set<Prefix> of(WireGuardKey key) {
        return Set.copyOf(prefixes.getOrDefault(key, Set.of()));
    }

    boolean carries(IpAddress address) {
        return lengths.covering(address).anyMatch(owners::containsKey);
    }

    boolean carriesWithout(WireGuardKey key, IpAddress address) {
        return lengths.covering(address).map(owners::get).anyMatch(owner -> owner != null && !owner.equals(key));
    }

    void give(WireGuardKey key, Prefix prefix) {
        var before = owners.put(prefix, key);
        if (before == null) {
            lengths.add(prefix);
        } else if (!before.equals(key)) {
            drop(before, prefix);
            losers.computeIfAbsent(prefix, _ -> new HashSet<>()).add(before);
        }
        prefixes.computeIfAbsent(key, _ -> new HashSet<>()).add(prefix);
    }

    /** From whom the prefix was taken while it was of this peer, which no longer wants it: they may want it still. */
    Set<WireGuardKey> losers(WireGuardKey key, Prefix prefix) {
        var others = losers.remove(prefix);
        if (others == null) {
            return Set.of();
        }
        others.remove(key);
        return others;
    }

    void take(WireGuardKey key, Prefix prefix) {
        if (owners.remove(prefix, key)) {
            lengths.remove(prefix);
            drop(key, prefix);
        }
    }

    private void drop(WireGuardKey key, Prefix prefix) {
        var left = prefixes.get(key);
        left.remove(prefix);
        if (left.isEmpty()) {
            prefixes.remove(key);
        }
    }
}
