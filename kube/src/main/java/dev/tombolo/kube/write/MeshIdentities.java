package dev.tombolo.kube.write;

import dev.tombolo.kube.resource.CustomKinds;
import dev.tombolo.kube.resource.CustomObjects;
import dev.tombolo.kube.resource.KubeCall;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.Map;

/** Identities as cluster objects: the name is the number, so that the API server decides who gets it. */
public final class MeshIdentities {
    private final KubernetesClient client;

    MeshIdentities(KubernetesClient client) {
        this.client = client;
    }

    /** False when somebody else has taken the number already. */
    public boolean create(long id, Map<String, String> labels) throws IOException {
        var object = CustomObjects.identity(id, labels);
        return KubeCall.unlessConflict(
                "creation of MeshIdentity " + id,
                () -> client.genericKubernetesResources(CustomKinds.MESH_IDENTITY.context())
                        .resource(object)
                        .create());
    }

    /** Deleting what is gone is success. */
    public void delete(long id) throws IOException {
        KubeCall.call(
                "deletion of MeshIdentity " + id,
                () -> client.genericKubernetesResources(CustomKinds.MESH_IDENTITY.context())
                        .withName(Long.toString(id))
                        .delete());
    }
}
