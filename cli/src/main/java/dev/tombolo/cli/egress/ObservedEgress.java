package dev.tombolo.cli.egress;

import dev.tombolo.cli.install.Installation;
import dev.tombolo.cli.output.Console;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPod;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was read of a cluster to explain its egress policies.
 *
 * @param agents what the agents of its nodes say
 */
record ObservedEgress(
        ClusterName self,
        List<EgressPolicyObject> policies,
        List<EgressPod> pods,
        List<KubeNamespace> namespaces,
        List<KubeNode> nodes,
        List<MeshNodeObject> agents) {
    ObservedEgress {
        policies = List.copyOf(policies);
        pods = List.copyOf(pods);
        namespaces = List.copyOf(namespaces);
        nodes = List.copyOf(nodes);
        agents = List.copyOf(agents);
    }

    static ObservedEgress read(KubeApi api, Console console) throws IOException {
        var reads = api.reads();
        return new ObservedEgress(
                new Installation(api, console).options().clusterName(),
                api.writes().mesh().egressPolicies(),
                reads.egressPods(),
                reads.namespaces(),
                reads.nodes(),
                api.writes().mesh().nodes());
    }

    /** What nodes have found out about one another is not in Kubernetes, and so not here. */
    EgressState state() {
        return EgressState.of(
                self,
                policies.stream().map(EgressPolicyObject::reading).toList(),
                pods,
                KubeNamespace.labels(namespaces),
                Stream.concat(
                                nodes.stream().map(node -> node.egressNode(self)),
                                StatedGatewaysPlan.nodes(self, policies).stream())
                        .toList());
    }

    Optional<MeshNodeObject> agent(String node) {
        return agents.stream().filter(agent -> agent.name().equals(node)).findFirst();
    }

    long generation(String policy) {
        return policies.stream()
                .filter(object -> object.name().equals(policy))
                .mapToLong(EgressPolicyObject::generation)
                .findFirst()
                .orElse(0);
    }
}
