package dev.tombolo.model.egress;

import dev.tombolo.model.node.NodeId;
import java.util.Map;

/**
 * A node as a gateway, or as where pods run.
 *
 * @param ready what Kubernetes says, which is not what its data path says
 * @param draining it is to lose its pods to other gateways wherever there is one
 */
public record EgressNode(NodeId id, Map<String, String> labels, boolean ready, boolean draining) {
    public static final String ZONE = "topology.kubernetes.io/zone";
    public static final String DRAIN_ANNOTATION = "egress.tombolo.dev/drain";

    public EgressNode {
        labels = Map.copyOf(labels);
    }

    /** Empty where its labels do not say. */
    public String zone() {
        return labels.getOrDefault(ZONE, "");
    }
}
