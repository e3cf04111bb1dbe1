package dev.tombolo.kube.write;

import dev.tombolo.kube.object.AddressPoolObject;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.kube.object.EgressPoolObject;
import dev.tombolo.kube.object.MeshNodeObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.resource.CustomKinds;
import dev.tombolo.kube.resource.CustomKinds.Kind;
import dev.tombolo.kube.resource.CustomObjects;
import dev.tombolo.kube.resource.KubeCall;
import dev.tombolo.kube.resource.MergePatch;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;

/** Writes status by a merge patch of what differs; nothing is sent when nothing does. All return whether it was. */
public final class StatusWrites {
    /** Every kind that we define is in it. */
    private static final String OWN_CATEGORY = "tombolo";

    private final KubernetesClient client;

    StatusWrites(KubernetesClient client) {
        this.client = client;
    }

    public boolean clusterMesh(ClusterMeshObject.Status status) throws IOException {
        return write(CustomKinds.CLUSTER_MESH, ClusterMeshObject.SINGLETON, status);
    }

    public boolean meshPeer(String name, MeshPeerObject.Status status) throws IOException {
        return write(CustomKinds.MESH_PEER, name, status);
    }

    /** Whether egress policies have a status here. Cilium's own kind has none: what it describes, Cilium carries out. */
    public boolean hasEgressPolicies() throws IOException {
        var kind = CustomKinds.EGRESS_POLICY;
        return served(kind).anyMatch(resource -> resource.getName().equals(kind.plural() + "/status"));
    }

    /** Whether the pools of addresses for services are ours to give out: Cilium's own kind is in no category of ours. */
    public boolean ownsAddressPools() throws IOException {
        return owns(CustomKinds.ADDRESS_POOL);
    }

    /** Whether one of Cilium's kinds is defined by us. */
    boolean owns(Kind kind) throws IOException {
        return served(kind)
                .anyMatch(resource -> resource.getName().equals(kind.plural())
                        && resource.getCategories() != null
                        && resource.getCategories().contains(OWN_CATEGORY));
    }

    private Stream<APIResource> served(Kind kind) throws IOException {
        var served =
                KubeCall.call("discovery of " + kind.apiVersion(), () -> client.getApiResources(kind.apiVersion()));
        return served == null ? Stream.of() : served.getResources().stream();
    }

    public boolean egressPolicy(String name, EgressPolicyObject.Status status) throws IOException {
        return write(CustomKinds.EGRESS_POLICY, name, status);
    }

    public boolean egressPool(String name, EgressPoolObject.Status status) throws IOException {
        return write(CustomKinds.EGRESS_POOL, name, status);
    }

    public boolean addressPool(String name, AddressPoolObject.Status status) throws IOException {
        return write(CustomKinds.ADDRESS_POOL, name, status);
    }

    /** Creates the object first where it is missing. */
    public boolean meshNode(String name, MeshNodeObject.Status status) throws IOException {
        if (write(CustomKinds.MESH_NODE, name, status)) {
            return true;
        }
        if (find(CustomKinds.MESH_NODE, name) != null) {
            return false;
        }
        var object = CustomObjects.object(CustomKinds.MESH_NODE, name, Map.of());
        KubeCall.unlessConflict(
                "creation of MeshNode " + name,
                () -> client.genericKubernetesResources(CustomKinds.MESH_NODE.context())
                        .resource(object)
                        .create());
        return write(CustomKinds.MESH_NODE, name, status);
    }

    boolean write(Kind kind, String name, Object status) throws IOException {
        var current = find(kind, name);
        if (current == null) {
            return false;
        }
        Object before = current.getAdditionalProperties().get("status");
        var patch = MergePatch.between(before instanceof Map<?, ?> map ? map : Map.of(), CustomObjects.json(status));
        if (patch.isEmpty()) {
            return false;
        }
        String json = JsonText.of(Map.of("status", patch));
        KubeCall.call(
                "status of " + kind.kind() + " " + name,
                () -> resource(kind, name).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), json));
        return true;
    }

    private GenericKubernetesResource find(Kind kind, String name) throws IOException {
        return KubeCall.call(
                "reading " + kind.kind() + " " + name,
                () -> resource(kind, name).get());
    }

    private Resource<GenericKubernetesResource> resource(Kind kind, String name) {
        return client.genericKubernetesResources(kind.context()).withName(name);
    }
}
