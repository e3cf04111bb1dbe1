package dev.tombolo.apiserver.publish;

import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.KubeEndpointSlice;
import dev.tombolo.kube.object.KubeNamespace;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubePod;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.kube.object.MeshIdentityObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.object.ObjectKey;
import dev.tombolo.reconciler.table.Table;

/**
 * What is read from the Kubernetes API.
 *
 * @param agents what the node agents of this cluster report
 * @param egressPolicies not initialized for as long as the API server does not have the kind
 * @param egressPools the same
 * @param addressPools the same
 */
public record KubeTables(
        Table<String, KubeNode> nodes,
        Table<ObjectKey, KubePod> pods,
        Table<String, KubeNamespace> namespaces,
        Table<ObjectKey, KubeService> services,
        Table<ObjectKey, KubeEndpointSlice> slices,
        Table<String, MeshIdentityObject> identities,
        Table<String, MeshPeerObject> peers,
        Table<String, MeshNodeObject> agents,
        Table<String, ClusterMeshObject> clusterMesh,
        Table<String, EgressPolicyObject> egressPolicies,
        Table<String, EgressPoolObject> egressPools,
        Table<String, AddressPoolObject> addressPools) {
    public static KubeTables empty() {
        return new KubeTables(
                new Table<>("kubernetes nodes"),
                new Table<>("pods"),
                new Table<>("namespaces"),
                new Table<>("kubernetes services"),
                new Table<>("endpoint slices"),
                new Table<>("mesh identities"),
                new Table<>("mesh peers"),
                new Table<>("mesh nodes"),
                new Table<>("cluster mesh"),
                new Table<>("egress policies"),
                new Table<>("egress pools"),
                new Table<>("address pools"));
    }
}
