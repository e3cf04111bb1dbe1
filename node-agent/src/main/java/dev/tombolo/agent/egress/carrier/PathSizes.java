package dev.tombolo.agent.egress.carrier;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.NarrowWays;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How large packets may be where the network under the carriers takes less than they do, and drops what is larger.
 *
 * @param gateways the largest packet to a gateway and back
 * @param pods the same to pods of other nodes that leave here, by ranges
 */
public record PathSizes(Map<NodeId, Integer> gateways, Map<Prefix, Integer> pods) {
    /** Every way takes what its carrier does. */
    public static final PathSizes AMPLE = new PathSizes(Map.of(), Map.of());

    public PathSizes {
        gateways = Map.copyOf(gateways);
        pods = Map.copyOf(pods);
    }

    /** To gateways of that cluster. */
    public NarrowWays narrowWays(ClusterName cluster) {
        return new NarrowWays(gateways.entrySet().stream()
                .filter(way -> way.getKey().cluster().equals(cluster))
                .collect(Collectors.toMap(way -> way.getKey().name(), Map.Entry::getValue)));
    }

    /** Of a range that lies within one of those; 0 for as much as the carrier. */
    public int within(Prefix range) {
        return pods.entrySet().stream()
                .filter(narrow -> narrow.getKey().contains(range))
                .mapToInt(Map.Entry::getValue)
                .min()
                .orElse(0);
    }
}
