package dev.tombolo.agent.order;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The lengths that the prefixes of a set have. They are few, and so are the look-ups that find what covers an address. */
final class Lengths {
    private final Map<Boolean, TreeMap<Integer, Integer>> counts =
            Map.of(true, new TreeMap<>(), false, new TreeMap<>());

    void clear() {
        counts.values().forEach(Map::clear);
    }

    void add(Prefix prefix) {
        counts.get(prefix.isV4()).merge(prefix.length(), 1, Integer::sum);
    }

    void remove(Prefix prefix) {
        counts.get(prefix.isV4()).computeIfPresent(prefix.length(), (_, count) -> count == 1 ? null : count - 1);
    }

    /** Prefixes that would cover the address, if they were in the set. */
    Stream<Prefix> covering(IpAddress address) {
        return counts.get(address.isV4()).keySet().stream().map(length -> new Prefix(address, length));
    }
}
