package dev.tombolo.egress;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.EgressPlan;
import dev.tombolo.egress.plan.EgressRows;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.net.AddressRange;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** A cluster called west, in few words. */
public final class Cluster {
    public static final ClusterName WEST = new ClusterName("west");
    public final List<EgressPolicy> policies = new ArrayList<>();
    public final List<EgressPod> pods = new ArrayList<>();
    public final List<EgressNode> nodes = new ArrayList<>();
    public final Map<String, Map<String, String>> namespaces = new HashMap<>();
    public final Map<NodeId, GatewayHealth> health = new HashMap<>();
    public final Set<NodeId> agents = new HashSet<>();
    public final List<EgressPool> pools = new ArrayList<>();
    public final Map<IpAddress, EgressOwner> owners = new HashMap<>();

    /** With two gateways, {@code g1} in zone a and {@code g2} in zone b, and a node {@code n1} in zone a. */
    public static Cluster ofTwoGateways() {
        return new Cluster()
                .node("g1", "egress=true,topology.kubernetes.io/zone=a")
                .node("g2", "egress=true,topology.kubernetes.io/zone=b")
                .node("n1", "topology.kubernetes.io/zone=a");
    }

    public static NodeId id(String node) {
        int at = node.indexOf('@');
        return at < 0
                ? new NodeId(WEST, node)
                : new NodeId(new ClusterName(node.substring(at + 1)), node.substring(0, at));
    }

    public Cluster node(String name, String labels) {
        nodes.add(new EgressNode(id(name), PolicyBuilder.labels(labels), true, false));
        return this;
    }

    /** What the cluster of a node says of the floating addresses there. */
    public Cluster holds(String name, String... addresses) {
        var held = Arrays.stream(addresses).map(IpAddress::parse).collect(Collectors.toSet());
        nodes.replaceAll(node -> node.id().equals(id(name)) ? node.holding(held) : node);
        return this;
    }

    public Cluster unready(String name) {
        nodes.replaceAll(node ->
                node.id().equals(id(name)) ? new EgressNode(node.id(), node.labels(), false, node.draining()) : node);
        return this;
    }

    public Cluster draining(String name) {
        nodes.replaceAll(node -> node.id().equals(id(name))
                ? new EgressNode(node.id(), node.labels(), node.ready(), true, node.holds())
                : node);
        return this;
    }

    public Cluster health(String name, GatewayHealth known) {
        health.put(id(name), known);
        return this;
    }

    /** Nodes whose agents say what they see. */
    public Cluster agents(String... names) {
        Arrays.stream(names).forEach(name -> agents.add(id(name)));
        return this;
    }

    public Cluster dead(String... names) {
        Arrays.stream(names).forEach(name -> health(name, GatewayHealth.DEAD));
        return this;
    }

    /**
     * One that any node may hold addresses of.
     *
     * @param created in seconds
     * @param ranges {@code first-last}
     */
    public Cluster pool(String name, int created, String... ranges) {
        return pool(name, created, "", OptionalInt.empty(), ranges);
    }

    public Cluster pool(String name, int created, String nodes, OptionalInt maximumPerNode, String... ranges) {
        pools.add(new EgressPool(
                name,
                Instant.ofEpochSecond(created),
                Arrays.stream(ranges).map(Cluster::range).toList(),
                PolicyBuilder.selector(nodes),
                maximumPerNode));
        return this;
    }

    private static AddressRange range(String text) {
        String[] ends = text.split("-");
        return new AddressRange(IpAddress.parse(ends[0]), IpAddress.parse(ends[1]));
    }

    public Cluster owner(String address, String node) {
        return owner(address, node, "");
    }

    public Cluster owner(String address, String node, String holder) {
        owners.put(IpAddress.parse(address), new EgressOwner(id(node), 1, holder, Instant.EPOCH));
        return this;
    }

    public Cluster namespace(String name, String labels) {
        namespaces.put(name, PolicyBuilder.labels(labels));
        return this;
    }

    public Cluster policy(PolicyBuilder policy) {
        policies.add(policy.build());
        return this;
    }

    /** In the namespace shop on node n1, with its name as uid. */
    public Cluster pod(String name, String labels, String... addresses) {
        return pod(pod(name, labels, "n1", false, false, addresses));
    }

    public Cluster pod(EgressPod pod) {
        pods.add(pod);
        return this;
    }

    public static EgressPod pod(
            String name, String labels, String node, boolean hostNetwork, boolean terminating, String... addresses) {
        return new EgressPod(
                "shop",
                name,
                name,
                "default",
                PolicyBuilder.labels(labels),
                node,
                Arrays.stream(addresses).map(IpAddress::parse).toList(),
                hostNetwork,
                terminating);
    }

    public EgressState state() {
        return new EgressState(WEST, policies, pods, namespaces, nodes, health, agents, pools, owners);
    }

    public EgressDecisions decisions() {
        return EgressPlan.decide(state());
    }

    public EgressRows rows() {
        var decisions = decisions();
        return EgressPlan.rows(decisions, EgressNumbers.NONE.next(state(), decisions, EgressNumbers.InUse.NOTHING));
    }
}
