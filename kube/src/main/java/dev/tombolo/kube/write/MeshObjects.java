package dev.tombolo.kube.write;

import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.resource.CustomKinds;
import dev.tombolo.kube.resource.CustomObjects;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The mesh's objects, read once or written whole; what follows them as tables is {@code KubeSources}. */
public final class MeshObjects {
    private final KindObjects objects;

    MeshObjects(KubernetesClient client) {
        this.objects = new KindObjects(client);
    }

    /** Empty where there is none; fails where the kind is not installed. */
    public Optional<ClusterMeshObject> clusterMesh() throws IOException {
        return objects.find(CustomKinds.CLUSTER_MESH, ClusterMeshObject.SINGLETON, CustomObjects::clusterMesh);
    }

    public Optional<MeshPeerObject> peer(String name) throws IOException {
        return objects.find(CustomKinds.MESH_PEER, name, CustomObjects::meshPeer);
    }

    public List<MeshPeerObject> peers() throws IOException {
        return objects.list(CustomKinds.MESH_PEER, CustomObjects::meshPeer);
    }

    public List<MeshNodeObject> nodes() throws IOException {
        return objects.list(CustomKinds.MESH_NODE, CustomObjects::meshNode);
    }

    /** Those of Cilium's kind, as whoever wrote them wrote them. */
    public List<EgressPolicyObject> egressPolicies() throws IOException {
        return objects.list(CustomKinds.EGRESS_POLICY, CustomObjects::egressPolicy);
    }

    /** None where the kind is not installed. */
    public List<EgressPoolObject> egressPools() throws IOException {
        return objects.listIfServed(CustomKinds.EGRESS_POOL, CustomObjects::egressPool);
    }

    /** None where the kind is not installed. */
    public List<AddressPoolObject> addressPools() throws IOException {
        return objects.listIfServed(CustomKinds.ADDRESS_POOL, CustomObjects::addressPool);
    }

    /** Creates the peer or changes its spec to the given one; returns whether anything had to change. */
    public boolean putPeer(String name, MeshPeerObject.Spec spec) throws IOException {
        return objects.put(CustomKinds.MESH_PEER, name, spec);
    }

    public void deletePeer(String name) throws IOException {
        objects.delete(CustomKinds.MESH_PEER, name);
    }

    public boolean putClusterMesh(ClusterMeshObject.Spec spec) throws IOException {
        return objects.put(CustomKinds.CLUSTER_MESH, ClusterMeshObject.SINGLETON, spec);
    }

    public void deleteClusterMesh() throws IOException {
        objects.delete(CustomKinds.CLUSTER_MESH, ClusterMeshObject.SINGLETON);
    }

    public void deleteNode(String name) throws IOException {
        objects.delete(CustomKinds.MESH_NODE, name);
    }

    public void deleteEgressPolicy(String name) throws IOException {
        objects.delete(CustomKinds.EGRESS_POLICY, name);
    }

    public void deleteAddressPool(String name) throws IOException {
        objects.delete(CustomKinds.ADDRESS_POOL, name);
    }
}
