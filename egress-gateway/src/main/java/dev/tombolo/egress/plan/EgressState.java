package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.Map;

/**
 * All that the plan is made from. The order of the collections never matters.
 *
 * @param self the cluster of the pods and the policies
 * @param namespaces labels of each
 * @param nodes of this cluster, and of those that policies name
 * @param health of nodes; one that is missing is unknown
 * @param owners which node holds a fixed address now; an owner that can stay does
 */
public record EgressState(
        ClusterName self,
        Collection<EgressPolicy> policies,
        Collection<EgressPod> pods,
        Map<String, Map<String, String>> namespaces,
        Collection<EgressNode> nodes,
        Map<NodeId, GatewayHealth> health,
        Map<IpAddress, NodeId> owners) {
    GatewayHealth healthOf(NodeId node) {
        return health.getOrDefault(node, GatewayHealth.UNKNOWN);
    }
}
