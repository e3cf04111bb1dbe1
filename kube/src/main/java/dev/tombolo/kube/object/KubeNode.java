package dev.tombolo.kube.object;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Map;

/** A Node; {@code podCidrs} is empty where the CNI does not give nodes ranges of their own. */
public record KubeNode(
        String name,
        String uid,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<Prefix> podCidrs,
        List<IpAddress> internalIps,
        List<IpAddress> externalIps,
        boolean ready,
        String bootId,
        boolean unschedulable) {
    public KubeNode {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        podCidrs = List.copyOf(podCidrs);
        internalIps = List.copyOf(internalIps);
        externalIps = List.copyOf(externalIps);
    }

    /** As egress policies see it; whoever drains it says so by an annotation, whatever its value. */
    public EgressNode egressNode(ClusterName cluster) {
        return new EgressNode(
                new NodeId(cluster, name), labels, ready, annotations.containsKey(EgressNode.DRAIN_ANNOTATION));
    }
}
