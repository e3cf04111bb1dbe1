package dev.tombolo.cli.egress;

import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.label.LabelRequirement;
import dev.tombolo.model.label.LabelRequirement.Operator;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The gateways in other clusters, as the status of the policies that use them says. Other labels than those that were asked
 * for are not known here, and not needed: the mesh server has found that they match.
 */
final class StatedGatewaysPlan {
    private final ClusterName self;
    private final Map<NodeId, Map<String, String>> labels = new TreeMap<>();

    private StatedGatewaysPlan(ClusterName self) {
        this.self = self;
    }

    static List<EgressNode> nodes(ClusterName self, Collection<EgressPolicyObject> policies) {
        var plan = new StatedGatewaysPlan(self);
        policies.forEach(object -> object.reading().policy().ifPresent(policy -> plan.add(object, policy)));
        return plan.labels.entrySet().stream()
                .map(node -> new EgressNode(node.getKey(), node.getValue(), true, false))
                .toList();
    }

    private void add(EgressPolicyObject object, EgressPolicy policy) {
        var cluster = policy.preferences().cluster().filter(name -> !name.equals(self));
        object.status().gateways().stream()
                .filter(gateway -> cluster.map(ClusterName::value)
                        .filter(gateway.cluster()::equals)
                        .isPresent())
                .forEach(gateway -> labels.computeIfAbsent(
                                new NodeId(cluster.get(), gateway.node()), _ -> new HashMap<>())
                        .putAll(asked(policy, gateway.egressIP())));
    }

    /** The labels that the entries with an address ask for: a policy may send its pods to several gateways. */
    private static Map<String, String> asked(EgressPolicy policy, String address) {
        var asked = new HashMap<String, String>();
        policy.gateways().stream()
                .filter(gateway -> gateway.address().toString().equals(address))
                .flatMap(gateway -> gateway.nodes().requirements().stream())
                .filter(requirement ->
                        requirement.operator() == Operator.IN || requirement.operator() == Operator.EXISTS)
                .forEach(requirement -> asked.putIfAbsent(requirement.key(), anyOf(requirement)));
        return asked;
    }

    private static String anyOf(LabelRequirement requirement) {
        return requirement.values().stream().sorted().findFirst().orElse("");
    }
}
