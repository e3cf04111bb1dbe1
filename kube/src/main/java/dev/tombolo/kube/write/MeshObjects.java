package dev.tombolo.kube.write;

import dev.tombolo.kube.KubeException;
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
import dev.tombolo.model.Invalid;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** The mesh's objects, read once or written whole; what follows them as tables is {@code KubeSources}. */
public final class MeshObjects {
    private static final Consumer<Invalid> LEFT_OUT = invalid -> {};
    private final KubernetesClient client;

    MeshObjects(KubernetesClient client) {
        this.client = client;
    }

    /** Empty where there is none; fails where the kind is not installed. */
    public Optional<ClusterMeshObject> clusterMesh() throws IOException {
        return find(CustomKinds.CLUSTER_MESH, ClusterMeshObject.SINGLETON, CustomObjects::clusterMesh);
    }

    public Optional<MeshPeerObject> peer(String name) throws IOException {
        return find(CustomKinds.MESH_PEER, name, CustomObjects::meshPeer);
    }

    public List<MeshPeerObject> peers() throws IOException {
        return list(CustomKinds.MESH_PEER, CustomObjects::meshPeer);
    }

    public List<MeshNodeObject> nodes() throws IOException {
        return list(CustomKinds.MESH_NODE, CustomObjects::meshNode);
    }

    /** Those of Cilium's kind, as whoever wrote them wrote them. */
    public List<EgressPolicyObject> egressPolicies() throws IOException {
        return list(CustomKinds.EGRESS_POLICY, CustomObjects::egressPolicy);
    }

    /** None where the kind is not installed. */
    public List<EgressPoolObject> egressPools() throws IOException {
        return listIfServed(CustomKinds.EGRESS_POOL, CustomObjects::egressPool);
    }

    /** None where the kind is not installed. */
    public List<AddressPoolObject> addressPools() throws IOException {
        return listIfServed(CustomKinds.ADDRESS_POOL, CustomObjects::addressPool);
    }

    private <R> List<R> listIfServed(
            Kind kind, BiFunction<GenericKubernetesResource, Consumer<Invalid>, Optional<R>> row) throws IOException {
        try {
            return list(kind, row);
        } catch (KubeException refused) {
            if (refused.code() == KubeCall.NOT_FOUND) {
                return List.of();
            }
            throw refused;
        }
    }

    /** Creates the peer or changes its spec to the given one; returns whether anything had to change. */
    public boolean putPeer(String name, MeshPeerObject.Spec spec) throws IOException {
        return put(CustomKinds.MESH_PEER, name, spec);
    }

    public void deletePeer(String name) throws IOException {
        delete(CustomKinds.MESH_PEER, name);
    }

    public boolean putClusterMesh(ClusterMeshObject.Spec spec) throws IOException {
        return put(CustomKinds.CLUSTER_MESH, ClusterMeshObject.SINGLETON, spec);
    }

    public void deleteClusterMesh() throws IOException {
        delete(CustomKinds.CLUSTER_MESH, ClusterMeshObject.SINGLETON);
    }

    public void deleteNode(String name) throws IOException {
        delete(CustomKinds.MESH_NODE, name);
    }

    public void deleteEgressPolicy(String name) throws IOException {
        delete(CustomKinds.EGRESS_POLICY, name);
    }

    public void deleteAddressPool(String name) throws IOException {
        delete(CustomKinds.ADDRESS_POOL, name);
    }

    private boolean put(Kind kind, String name, Object spec) throws IOException {
        var current = KubeCall.call(
                "reading " + kind.kind() + " " + name,
                () -> resource(kind, name).get());
        if (current == null) {
            KubeCall.call(
                    "creation of " + kind.kind() + " " + name,
                    () -> client.genericKubernetesResources(kind.context())
                            .resource(CustomObjects.object(kind, name, spec))
                            .create());
            return true;
        }
        Object before = current.getAdditionalProperties().get("spec");
        var patch = MergePatch.between(before instanceof Map<?, ?> map ? map : Map.of(), CustomObjects.json(spec));
        if (patch.isEmpty()) {
            return false;
        }
        String json = JsonText.of(Map.of("spec", patch));
        KubeCall.call(
                "change of " + kind.kind() + " " + name,
                () -> resource(kind, name).patch(PatchContext.of(PatchType.JSON_MERGE), json));
        return true;
    }

    private void delete(Kind kind, String name) throws IOException {
        KubeCall.call(
                "deletion of " + kind.kind() + " " + name,
                () -> resource(kind, name).delete());
    }

    private <R> Optional<R> find(
            Kind kind, String name, BiFunction<GenericKubernetesResource, Consumer<Invalid>, Optional<R>> row)
            throws IOException {
        var object = KubeCall.call(
                "reading " + kind.kind() + " " + name,
                () -> resource(kind, name).get());
        if (object == null) {
            return Optional.empty();
        }
        var problems = new ArrayList<Invalid>();
        var read = row.apply(object, problems::add);
        if (read.isEmpty()) {
            throw new KubeException(problems.getFirst().toString(), 0, null);
        }
        return read;
    }

    private <R> List<R> list(Kind kind, BiFunction<GenericKubernetesResource, Consumer<Invalid>, Optional<R>> row)
            throws IOException {
        var objects = KubeCall.call(
                "listing of " + kind.plural(),
                () -> client.genericKubernetesResources(kind.context()).list());
        return objects.getItems().stream()
                .flatMap(object -> row.apply(object, LEFT_OUT).stream())
                .toList();
    }

    private Resource<GenericKubernetesResource> resource(Kind kind, String name) {
        return client.genericKubernetesResources(kind.context()).withName(name);
    }
}
