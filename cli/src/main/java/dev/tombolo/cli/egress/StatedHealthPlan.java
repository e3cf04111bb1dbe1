package dev.tombolo.cli.egress;

import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Which gateways do not answer, as far as the status of policies says so: they are left out, with no share of the pods. */
final class StatedHealthPlan {
    private StatedHealthPlan() {}

    static Map<NodeId, GatewayHealth> health(Collection<EgressPolicyObject> policies) {
        var health = new HashMap<NodeId, GatewayHealth>();
        policies.stream()
                .flatMap(policy -> policy.status().gateways().stream())
                .filter(gateway -> gateway.share() == 0)
                .forEach(gateway -> ClusterName.tryParse(gateway.cluster())
                        .ifPresent(cluster -> health.put(new NodeId(cluster, gateway.node()), GatewayHealth.DEAD)));
        return health;
    }
}
