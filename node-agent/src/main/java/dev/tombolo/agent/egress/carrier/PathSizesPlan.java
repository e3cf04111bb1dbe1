package dev.tombolo.agent.egress.carrier;

import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.agent.probe.PathMeasure;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.egress.NarrowWays;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Which ways take less than their carriers, by what was measured of them. */
public final class PathSizesPlan {
    private PathSizesPlan() {}

    /**
     * The sizes.
     *
     * @param measured of nodes, there and back
     * @param nodes of this cluster, which say themselves what they have measured to this one
     * @param carrier the MTU of carriers
     */
    public static PathSizes sizes(
            Map<NodeId, PathMeasure> measured,
            NodeId self,
            Collection<KubeNode> nodes,
            Neighbours neighbours,
            int carrier) {
        var narrow = new HashMap<NodeId, Integer>();
        measured.forEach((node, measure) -> {
            if (measure.mtu() < carrier) {
                narrow.put(node, measure.mtu());
            }
        });
        var pods = new HashMap<Prefix, Integer>();
        nodes.forEach(node -> {
            add(pods, node.podCidrs(), narrow.get(new NodeId(self.cluster(), node.name())));
            add(pods, node.podCidrs(), told(node).sizes().get(self.name()));
        });
        neighbours.peers().values().forEach(peer -> add(pods, peer.allowed(), narrow.get(peer.node())));
        return new PathSizes(narrow, pods);
    }

    private static NarrowWays told(KubeNode node) {
        return NarrowWays.parse(node.annotations().getOrDefault(NarrowWays.ANNOTATION, ""));
    }

    private static void add(Map<Prefix, Integer> pods, Collection<Prefix> ranges, Integer size) {
        if (size != null) {
            ranges.forEach(range -> pods.merge(range, size, Math::min));
        }
    }
}
