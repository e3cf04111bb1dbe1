package dev.tombolo.cli.egress;

import dev.tombolo.cli.install.Installation;
import dev.tombolo.cli.output.Console;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.InternalRanges;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was read of a cluster to explain its egress policies.
 *
 * @param agents what the agents of its nodes say
 * @param internal destinations that no policy is about
 */
record ObservedEgress(
        ClusterName self,
        List<EgressPolicyObject> policies,
        List<EgressPoolObject> pools,
        List<EgressPod> pods,
        List<KubeNamespace> namespaces,
        List<KubeNode> nodes,
        List<MeshNodeObject> agents,
        InternalRanges internal) {
    ObservedEgress {
        policies = List.copyOf(policies);
        pools = List.copyOf(pools);
        pods = List.copyOf(pods);
        namespaces = List.copyOf(namespaces);
        nodes = List.copyOf(nodes);
        agents = List.copyOf(agents);
    }

    static ObservedEgress read(KubeApi api, Console console) throws IOException {
        var reads = api.reads();
        var options = new Installation(api, console).options();
        var pods = reads.egressPods();
        var nodes = reads.nodes();
        var peers = ranges(api.writes().mesh().peers());
        return new ObservedEgress(
                options.clusterName(),
                api.writes().mesh().egressPolicies(),
                api.writes().mesh().egressPools(),
                pods,
                reads.namespaces(),
                nodes,
                api.writes().mesh().nodes(),
                InternalRanges.of(nodes, pods, reads.services(), peers, options.tunnelRange()));
    }

    private static List<Prefix> ranges(List<MeshPeerObject> peers) {
        return peers.stream()
                .map(MeshPeerObject::spec)
                .flatMap(spec -> Stream.concat(spec.podCIDRs().stream(), Stream.of(spec.tunnelCIDR())))
                .flatMap(text -> Prefix.tryParse(text).stream())
                .toList();
    }

    /** What nodes have found out about one another is here as far as policies say it. */
    EgressState state() {
        var podRanges = nodes.stream().flatMap(node -> node.podCidrs().stream()).toList();
        return EgressState.of(
                        self,
                        policies.stream().map(EgressPolicyObject::reading).toList(),
                        pods,
                        KubeNamespace.labels(namespaces),
                        Stream.concat(
                                        nodes.stream().map(node -> node.egressNode(self)),
                                        StatedGatewaysPlan.nodes(self, policies).stream())
                                .toList())
                .withPools(pools.stream()
                        .flatMap(pool -> pool.reading(podRanges).pool().stream())
                        .toList())
                .withHealth(StatedHealthPlan.health(policies))
                .withOwners(StatedOwnersPlan.owners(self, policies));
    }

    Optional<MeshNodeObject> agent(String node) {
        return agents.stream().filter(agent -> agent.name().equals(node)).findFirst();
    }

    /** Of a policy that was read. */
    EgressPolicyObject.Version version(String policy) {
        return policies.stream()
                .filter(object -> object.name().equals(policy))
                .findFirst()
                .map(EgressPolicyObject::version)
                .orElseThrow();
    }
}
