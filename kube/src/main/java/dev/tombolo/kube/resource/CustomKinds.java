package dev.tombolo.kube.resource;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;

/** The kinds of {@code tombolo.dev/v1alpha1}; all are cluster-scoped. */
public final class CustomKinds {
    public static final String GROUP = "tombolo.dev";
    public static final String VERSION = "v1alpha1";
    public static final Kind CLUSTER_MESH = new Kind("ClusterMesh", "clustermeshes");
    public static final Kind MESH_PEER = new Kind("MeshPeer", "meshpeers");
    public static final Kind MESH_IDENTITY = new Kind("MeshIdentity", "meshidentities");
    public static final Kind MESH_NODE = new Kind("MeshNode", "meshnodes");
    public static final List<Kind> ALL = List.of(CLUSTER_MESH, MESH_PEER, MESH_IDENTITY, MESH_NODE);

    private CustomKinds() {}

    /** One kind. */
    public record Kind(String kind, String plural) {
        public static final String API_VERSION = GROUP + "/" + VERSION;

        public ResourceDefinitionContext context() {
            return new ResourceDefinitionContext.Builder()
                    .withGroup(GROUP)
                    .withVersion(VERSION)
                    .withKind(kind)
                    .withPlural(plural)
                    .withNamespaced(false)
                    .build();
        }
    }
}
