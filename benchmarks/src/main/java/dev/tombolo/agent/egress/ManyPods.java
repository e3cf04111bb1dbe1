package dev.tombolo.agent.egress;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.agent.path.OwnTunnel;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicySpec;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.MeshNode;
import dev.tombolo.model.node.NodeId;
import dev.tombolo.model.node.WireGuardKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pods on nodes of 250 each, all of them selected, each by one of so many policies of 100 ranges, and two gateways. */
record ManyPods(int policies, int pods) {
    static final NodeId GATEWAY = new NodeId(new ClusterName("east"), "gateway");
    static final NodeId OTHER_GATEWAY = new NodeId(new ClusterName("east"), "other-gateway");
    static final Prefix TUNNELS = Prefix.parse("100.64.0.0/16");

    private static final int RANGES = 100;
    private static final int PODS_OF_A_NODE = 250;
    private static final int TEAMS = 20;
    private static final int MOST_NODES = 1_000;

    /** One text for each, as what reads pods keeps it. */
    private static final List<String> NODE_NAMES =
            IntStream.range(0, MOST_NODES).mapToObj(node -> "n" + node).toList();

    private static final String NAMESPACE = "shop";
    private static final IpAddress ELSEWHERE = IpAddress.parse("30.0.0.0");
    private static final IpAddress POD_RANGES = IpAddress.parse("10.0.0.0");
    private static final IpAddress NODES = IpAddress.parse("172.16.0.1");
    private static final IpAddress OUTSIDE = IpAddress.parse("20.0.0.0");
    private static final int RANGE_SIZE = 256;
    private static final int KEY_SIZE = 32;
    private static final int MTU = 1_420;

    /** Everything but the policies, as sources would have written it. */
    void fill(EgressTables tables, MeshTables mesh) {
        var labels = new ArrayList<Map<String, String>>();
        for (int policy = 0; policy < policies; policy++) {
            labels.add(labels(policy));
        }
        var rows = new HashMap<ObjectKey, EgressPod>();
        for (int pod = 0; pod < pods; pod++) {
            var row = pod(pod, 0, labels.get(pod % policies));
            rows.put(new ObjectKey(NAMESPACE, row.name()), row);
        }
        tables.pods.replaceAll(rows);
        mesh.namespaces.put(NAMESPACE, new KubeNamespace(NAMESPACE, Map.of(), Map.of()));
        var gateway = Map.of("egress", "yes");
        mesh.kubeNodes.put(GATEWAY.name(), node(GATEWAY.name(), pods / PODS_OF_A_NODE, gateway));
        mesh.kubeNodes.put(OTHER_GATEWAY.name(), node(OTHER_GATEWAY.name(), pods / PODS_OF_A_NODE + 1, gateway));
        for (int node = 0; node < pods / PODS_OF_A_NODE; node++) {
            mesh.kubeNodes.put(NODE_NAMES.get(node), node(NODE_NAMES.get(node), node, Map.of()));
        }
        mesh.ownTunnel.put(
                MeshTables.OWN,
                new OwnTunnel("none", Optional.of(TUNNELS.address().plus(1)), MTU));
        tables.pods.markInitialized();
        tables.pools.markInitialized();
        tables.neighbours.markInitialized();
        mesh.namespaces.markInitialized();
        mesh.kubeNodes.markInitialized();
        mesh.ownTunnel.markInitialized();
        mesh.kubeServices.markInitialized();
        mesh.routed.markInitialized();
    }

    void publishPolicies(EgressTables tables) {
        var objects = IntStream.range(0, policies).mapToObj(policy -> policy(policy, 0));
        tables.policies.replaceAll(objects.collect(Collectors.toMap(EgressPolicyObject::name, object -> object)));
        tables.policies.markInitialized();
    }

    /** Gives the first policy another range in the place of its last one; returns it. */
    Prefix changePolicy(EgressTables tables, int generation) {
        var object = policy(0, generation);
        tables.policies.put(object.name(), object);
        return elsewhere(generation);
    }

    private static Prefix elsewhere(int generation) {
        return new Prefix(ELSEWHERE.plus((long) RANGE_SIZE * generation), 24);
    }

    /** Replaces a pod by another one with the address that comes next on its node. */
    IpAddress replace(EgressTables tables, int pod, int generation) {
        var next = pod(pod, generation, labels(pod % policies));
        tables.pods.apply(Map.of(key(pod, generation), next), Set.of(key(pod, generation - 1)));
        return next.addresses().getFirst();
    }

    private static ObjectKey key(int pod, int generation) {
        return new ObjectKey(NAMESPACE, "service-7d9c5f6b84-p" + pod + "-" + generation);
    }

    /** Those of a Deployment's pods. */
    private static Map<String, String> labels(int policy) {
        return Map.of("app", "a" + policy, "pod-template-hash", "7d9c" + policy, "team", "t" + policy % TEAMS);
    }

    /** Only the last pod of a node has successors, which take addresses that no pod had. */
    private static EgressPod pod(int pod, int generation, Map<String, String> labels) {
        int node = pod / PODS_OF_A_NODE;
        return new EgressPod(
                NAMESPACE,
                key(pod, generation).name(),
                new UUID(pod, generation).toString(),
                "default",
                labels,
                NODE_NAMES.get(node),
                List.of(podRange(node).address().plus(1 + pod % PODS_OF_A_NODE + generation)),
                false,
                false);
    }

    private static Prefix podRange(int node) {
        return new Prefix(POD_RANGES.plus((long) RANGE_SIZE * node), 24);
    }

    private static KubeNode node(String name, int number, Map<String, String> labels) {
        byte[] key = ByteBuffer.allocate(KEY_SIZE).putInt(number + 1).array();
        return new KubeNode(
                name,
                "uid-" + name,
                labels,
                Map.of(MeshNode.PUBLIC_KEY_ANNOTATION, WireGuardKey.of(key).base64()),
                List.of(podRange(number)),
                List.of(NODES.plus(number)),
                List.of(),
                true,
                "boot",
                false);
    }

    private static EgressPolicyObject policy(int number, int generation) {
        var pods = new SelectorSpec(Map.of("app", "a" + number), List.of());
        var gateways = new SelectorSpec(Map.of("egress", "yes"), List.of());
        var ranges = IntStream.range(0, RANGES)
                .mapToObj(range -> generation > 0 && range == RANGES - 1
                        ? elsewhere(generation).toString()
                        : OUTSIDE.plus((long) RANGE_SIZE * (number * RANGES + range)) + "/24");
        var spec = new EgressPolicySpec(
                List.of(new EgressPolicySpec.Source(Optional.of(pods), Optional.empty(), Optional.empty())),
                ranges.toList(),
                List.of(),
                Optional.of(new EgressPolicySpec.Gateway(Optional.of(gateways), Optional.empty(), Optional.empty())),
                List.of());
        return new EgressPolicyObject(
                "policy-" + number,
                "",
                1 + generation,
                Optional.of(Instant.EPOCH),
                Map.of("egress.tombolo.dev/max-gateways", "2"),
                spec,
                null);
    }
}
