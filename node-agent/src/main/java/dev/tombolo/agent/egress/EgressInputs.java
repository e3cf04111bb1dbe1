package dev.tombolo.agent.egress;

import dev.tombolo.agent.mesh.MeshTables;
import dev.tombolo.egress.plan.EgressOwner;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the plan is made from, as the tables have it now. */
record EgressInputs(ClusterName self, EgressTables tables, MeshTables mesh) {
    EgressState state(List<EgressPolicyObject> policies) {
        return EgressState.of(
                        self,
                        policies.stream().map(EgressPolicyObject::reading).toList(),
                        tables.pods.snapshot().values().toList(),
                        KubeNamespace.labels(mesh.namespaces.snapshot().values().toList()),
                        Stream.concat(
                                        mesh.kubeNodes.snapshot().values().map(kubeNode -> kubeNode.egressNode(self)),
                                        tables.neighbours().offered().stream())
                                .toList())
                .withPools(pools())
                .withHealth(tables.failover.health.snapshot().toMap())
                .withAgents(tables.failover.agents.snapshot().toMap().keySet())
                .withOwners(owners());
    }

    private List<EgressPool> pools() {
        var pods = mesh.kubeNodes
                .snapshot()
                .values()
                .flatMap(kubeNode -> kubeNode.podCidrs().stream())
                .toList();
        return tables.pools
                .snapshot()
                .values()
                .flatMap(pool -> pool.reading(pods).pool().stream())
                .toList();
    }

    private Map<IpAddress, EgressOwner> owners() {
        return tables.failover
                .owners
                .snapshot()
                .values()
                .collect(Collectors.toMap(
                        AddressOwner::address,
                        owner -> new EgressOwner(
                                new NodeId(self, owner.node()), owner.epoch(), owner.group(), owner.since())));
    }
}
