package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPolicyReading;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that the plan is made from. The order of the collections never matters.
 *
 * @param self the cluster of the pods and the policies
 * @param namespaces labels of each
 * @param nodes of this cluster, and of those that policies name
 * @param health of nodes; one that is missing is unknown
 * @param agents nodes whose agent says what it sees: only such a one can take an address
 * @param pools whose addresses float among nodes of this cluster
 * @param owners which node holds an address now; an owner that can stay does
 */
public record EgressState(
        ClusterName self,
        Collection<EgressPolicy> policies,
        Collection<EgressPod> pods,
        Map<String, Map<String, String>> namespaces,
        Collection<EgressNode> nodes,
        Map<NodeId, GatewayHealth> health,
        Set<NodeId> agents,
        Collection<EgressPool> pools,
        Map<IpAddress, EgressOwner> owners) {
    /** Where no agent is heard of. */
    public EgressState(
            ClusterName self,
            Collection<EgressPolicy> policies,
            Collection<EgressPod> pods,
            Map<String, Map<String, String>> namespaces,
            Collection<EgressNode> nodes,
            Map<NodeId, GatewayHealth> health,
            Collection<EgressPool> pools,
            Map<IpAddress, EgressOwner> owners) {
        this(self, policies, pods, namespaces, nodes, health, Set.of(), pools, owners);
    }

    /** What Kubernetes has; nothing is known of health, pools and owners. Policies that cannot be meant are left out. */
    public static EgressState of(
            ClusterName self,
            Collection<EgressPolicyReading> readings,
            Collection<EgressPod> pods,
            Map<String, Map<String, String>> namespaces,
            Collection<EgressNode> nodes) {
        var policies =
                readings.stream().flatMap(reading -> reading.policy().stream()).toList();
        return new EgressState(self, policies, pods, namespaces, nodes, Map.of(), List.of(), Map.of());
    }

    public EgressState withHealth(Map<NodeId, GatewayHealth> known) {
        return new EgressState(self, policies, pods, namespaces, nodes, known, agents, pools, owners);
    }

    public EgressState withAgents(Set<NodeId> known) {
        return new EgressState(self, policies, pods, namespaces, nodes, health, known, pools, owners);
    }

    public EgressState withPools(Collection<EgressPool> known) {
        return new EgressState(self, policies, pods, namespaces, nodes, health, agents, known, owners);
    }

    public EgressState withOwners(Map<IpAddress, EgressOwner> known) {
        return new EgressState(self, policies, pods, namespaces, nodes, health, agents, pools, known);
    }

    /** The same nodes and addresses for policies whose pods somebody else has selected. */
    EgressState serving(Collection<EgressPolicy> others, Map<IpAddress, EgressOwner> holders) {
        return new EgressState(self, others, List.of(), Map.of(), nodes, health, agents, pools, holders);
    }

    /** Pods of the cluster with addresses of their own, by the node's name. */
    public Stream<EgressPod> podsOn(String node) {
        return listOn(node).stream();
    }

    /** The same; of {@link PodRows} the same list for as long as none of these pods changes. */
    public List<EgressPod> listOn(String node) {
        return pods instanceof PodRows<?> rows
                ? rows.on(node)
                : pods.stream()
                        .filter(pod -> !pod.hostNetwork() && pod.node().equals(node))
                        .toList();
    }

    /** What gateways are chosen from, in a form that can be compared with later ones. */
    public EgressState withoutPods() {
        return new EgressState(
                self,
                List.copyOf(policies),
                List.of(),
                Map.of(),
                List.copyOf(nodes),
                Map.copyOf(health),
                Set.copyOf(agents),
                List.copyOf(pools),
                Map.copyOf(owners));
    }

    public GatewayHealth healthOf(NodeId node) {
        return health.getOrDefault(node, GatewayHealth.UNKNOWN);
    }

    /** Whether those who heard a node do not any more, if only by one word so far. */
    public boolean isSilent(NodeId node) {
        return healthOf(node) == GatewayHealth.DEAD || healthOf(node) == GatewayHealth.ACCUSED;
    }

    /**
     * Whether a node that owns addresses cannot carry packets: its data path is dead, if only by one word so far, or nobody
     * ever heard it and Kubernetes does not either.
     */
    public boolean isLost(EgressNode node) {
        var known = healthOf(node.id());
        return isSilent(node.id()) || known == GatewayHealth.UNHEARD && !node.ready();
    }
}
