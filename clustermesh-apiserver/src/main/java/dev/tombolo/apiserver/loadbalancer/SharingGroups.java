package dev.tombolo.apiserver.loadbalancer;

import dev.tombolo.apiserver.loadbalancer.Sharing.Port;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The addresses that are shared by a key, and where a port is free: looking at each of many would take its time. */
final class SharingGroups {
    private final Map<String, Group> groups = new HashMap<>();

    private static final class Group {
        private final List<IpAddress> addresses = new ArrayList<>();
        private final Map<IpAddress, Integer> places = new HashMap<>();

        /** The places of the addresses at which a port is taken. */
        private final Map<Port, BitSet> taken = new HashMap<>();
    }

    void add(Sharing sharing, IpAddress address) {
        if (sharing.key().isEmpty()) {
            return;
        }
        var group = groups.computeIfAbsent(sharing.key(), _ -> new Group());
        int place = group.places.computeIfAbsent(address, _ -> {
            group.addresses.add(address);
            return group.addresses.size() - 1;
        });
        sharing.ports()
                .forEach(port ->
                        group.taken.computeIfAbsent(port, _ -> new BitSet()).set(place));
    }

    /** Those of the key that have all ports of a service free, in the order in which they were taken. */
    Stream<IpAddress> free(Sharing sharing) {
        var group = groups.get(sharing.key());
        if (group == null) {
            return Stream.of();
        }
        var taken = new BitSet();
        sharing.ports().forEach(port -> taken.or(group.taken.getOrDefault(port, new BitSet())));
        return IntStream.iterate(
                        taken.nextClearBit(0),
                        place -> place < group.addresses.size(),
                        place -> taken.nextClearBit(place + 1))
                .mapToObj(group.addresses::get);
    }
}
