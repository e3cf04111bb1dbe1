package dev.tombolo.model.egress;

import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Map;
import java.util.Set;

/**
 * A node as a gateway, or as where pods run.
 *
 * @param ready what Kubernetes says, which is not what its data path says
 * @param draining it is to lose its pods to other gateways wherever there is one
 * @param holds the floating addresses that it owns, where its own cluster tells another one of it
 */
public record EgressNode(NodeId id, Map<String, String> labels, boolean ready, boolean draining, Set<IpAddress> holds) {
    public static final String ZONE = "topology.kubernetes.io/zone";
    public static final String DRAIN_ANNOTATION = "egress.tombolo.dev/drain";

    public EgressNode {
        labels = Map.copyOf(labels);
        holds = Set.copyOf(holds);
    }

    /** One of which nobody tells what it holds. */
    public EgressNode(NodeId id, Map<String, String> labels, boolean ready, boolean draining) {
        this(id, labels, ready, draining, Set.of());
    }

    public EgressNode holding(Set<IpAddress> addresses) {
        return new EgressNode(id, labels, ready, draining, addresses);
    }

    /** Empty where its labels do not say. */
    public String zone() {
        return labels.getOrDefault(ZONE, "");
    }
}
