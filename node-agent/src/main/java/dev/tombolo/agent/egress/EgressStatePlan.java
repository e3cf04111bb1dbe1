package dev.tombolo.agent.egress;

import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPod;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** What Kubernetes has, in the words of egress policies. */
final class EgressStatePlan {
    private EgressStatePlan() {}

    static EgressState state(
            ClusterName self,
            Collection<EgressPolicyObject> policies,
            Collection<EgressPod> pods,
            Collection<KubeNamespace> namespaces,
            Collection<KubeNode> nodes) {
        return new EgressState(
                self,
                policies.stream()
                        .flatMap(policy -> policy.reading().policy().stream())
                        .toList(),
                pods,
                namespaces.stream().collect(Collectors.toMap(KubeNamespace::name, KubeNamespace::labels)),
                nodes.stream().map(node -> node.egressNode(self)).toList(),
                Map.of(),
                Map.of());
    }
}
