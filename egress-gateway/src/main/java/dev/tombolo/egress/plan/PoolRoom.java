package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How many addresses of a pool each node holds, and whether it may hold another one. */
final class PoolRoom {
    private final Map<Place, Set<IpAddress>> held = new HashMap<>();

    private record Place(String pool, NodeId node) {}

    /** Whether the node may hold the address beside those that it holds; it may always hold what it has. */
    boolean allows(EgressPool pool, NodeId node, IpAddress address) {
        var there = held.getOrDefault(new Place(pool.name(), node), Set.of());
        return pool.maximumPerNode().isEmpty()
                || there.contains(address)
                || there.size() < pool.maximumPerNode().getAsInt();
    }

    void take(EgressPool pool, NodeId node, IpAddress address) {
        held.computeIfAbsent(new Place(pool.name(), node), _ -> new HashSet<>()).add(address);
    }
}
