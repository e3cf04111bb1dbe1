package dev.tombolo.agent.probe;

import dev.tombolo.agent.path.Path;
import dev.tombolo.agent.service.ServedService;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** The remote nodes to which connections of this cluster go: a death among them is felt. */
public final class UsedNodesPlan {
    private UsedNodesPlan() {}

    public static Set<NodeId> nodes(Collection<ServedService> services, Collection<Path> paths) {
        var nodeByDelivery = new HashMap<IpAddress, NodeId>();
        paths.forEach(path -> nodeByDelivery.put(path.delivery(), path.node()));
        var used = new HashSet<NodeId>();
        services.stream()
                .flatMap(service -> service.ports().values().stream())
                .flatMap(set -> Stream.concat(set.active().stream(), set.dead().stream()))
                .forEach(backend -> {
                    var node = nodeByDelivery.get(backend.endpoint().address());
                    if (node != null) {
                        used.add(node);
                    }
                });
        return used;
    }
}
