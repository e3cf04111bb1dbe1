package dev.tombolo.kube.resource;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;

/** The custom kinds: those of {@code tombolo.dev/v1alpha1}, and Cilium's that we serve. All are cluster-scoped. */
public final class CustomKinds {
    public static final String GROUP = "tombolo.dev";
    public static final String VERSION = "v1alpha1";
    public static final Kind CLUSTER_MESH = new Kind("ClusterMesh", "clustermeshes");
    public static final Kind MESH_PEER = new Kind("MeshPeer", "meshpeers");
    public static final Kind MESH_IDENTITY = new Kind("MeshIdentity", "meshidentities");
    public static final Kind MESH_NODE = new Kind("MeshNode", "meshnodes");
    public static final Kind EGRESS_POOL = new Kind("EgressIPPool", "egressippools");
    public static final Kind EGRESS_POLICY =
            new Kind("cilium.io", "v2", "CiliumEgressGatewayPolicy", "ciliumegressgatewaypolicies");
    public static final Kind ADDRESS_POOL =
            new Kind("cilium.io", "v2", "CiliumLoadBalancerIPPool", "ciliumloadbalancerippools");
    public static final Kind BGP_CLUSTER_CONFIG =
            new Kind("cilium.io", "v2", "CiliumBGPClusterConfig", "ciliumbgpclusterconfigs");
    public static final Kind BGP_PEER_CONFIG =
            new Kind("cilium.io", "v2", "CiliumBGPPeerConfig", "ciliumbgppeerconfigs");
    public static final Kind BGP_ADVERTISEMENT =
            new Kind("cilium.io", "v2", "CiliumBGPAdvertisement", "ciliumbgpadvertisements");
    public static final Kind BGP_OVERRIDE =
            new Kind("cilium.io", "v2", "CiliumBGPNodeConfigOverride", "ciliumbgpnodeconfigoverrides");
    public static final Kind BGP_NODE_CONFIG =
            new Kind("cilium.io", "v2", "CiliumBGPNodeConfig", "ciliumbgpnodeconfigs");
    /** The kinds of our own group. */
    public static final List<Kind> OWN = List.of(CLUSTER_MESH, MESH_PEER, MESH_IDENTITY, MESH_NODE, EGRESS_POOL);

    private CustomKinds() {}

    /** One kind. */
    public record Kind(String group, String version, String kind, String plural) {
        Kind(String kind, String plural) {
            this(GROUP, VERSION, kind, plural);
        }

        public String apiVersion() {
            return group + "/" + version;
        }

        public ResourceDefinitionContext context() {
            return new ResourceDefinitionContext.Builder()
                    .withGroup(group)
                    .withVersion(version)
                    .withKind(kind)
                    .withPlural(plural)
                    .withNamespaced(false)
                    .build();
        }
    }
}
