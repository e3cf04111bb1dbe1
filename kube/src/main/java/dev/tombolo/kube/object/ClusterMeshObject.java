package dev.tombolo.kube.object;

import java.util.List;

/** What a cluster says of itself for others to connect to it: one object, named {@code cluster}. */
public record ClusterMeshObject(String name, long generation, Spec spec, Status status) {
    public static final String SINGLETON = "cluster";

    /** Type of the condition that is true once {@code connect} may read the status. */
    public static final String READY = "Ready";

    public ClusterMeshObject {
        spec = spec == null ? Spec.DEFAULT : spec;
        status = status == null ? Status.EMPTY : status;
    }

    /**
     * What was asked for.
     *
     * @param serviceType of the Service clustermesh-apiserver: NodePort, LoadBalancer or ClusterIP
     * @param endpoints what peers are told to dial instead of what the controller finds out
     */
    public record Spec(String serviceType, List<String> endpoints) {
        public static final Spec DEFAULT = new Spec("NodePort", List.of());

        public Spec {
            serviceType = serviceType == null ? "NodePort" : serviceType;
            endpoints = Text.orEmpty(endpoints);
        }
    }

    /**
     * What {@code connect} copies into the peer's MeshPeer.
     *
     * @param endpoints of the mesh's etcd, {@code https://host:port}
     * @param certificateAuthority PEM
     * @param certificateRequest PEM, for the CN {@code remote-<cluster>}
     * @param nodeCIDRs addresses of nodes, as /32 or /128
     */
    public record Status(
            String clusterName,
            int clusterId,
            int maxConnectedClusters,
            List<String> endpoints,
            String certificateAuthority,
            String certificateRequest,
            List<String> podCIDRs,
            List<String> nodeCIDRs,
            String tunnelCIDR,
            String serviceCIDR,
            Counts published,
            List<Condition> conditions) {
        public static final Status EMPTY =
                new Status("", 0, 0, List.of(), "", "", List.of(), List.of(), "", "", Counts.NONE, List.of());

        public Status {
            clusterName = Text.orEmpty(clusterName);
            endpoints = Text.orEmpty(endpoints);
            certificateAuthority = Text.orEmpty(certificateAuthority);
            certificateRequest = Text.orEmpty(certificateRequest);
            podCIDRs = Text.orEmpty(podCIDRs);
            nodeCIDRs = Text.orEmpty(nodeCIDRs);
            tunnelCIDR = Text.orEmpty(tunnelCIDR);
            serviceCIDR = Text.orEmpty(serviceCIDR);
            published = published == null ? Counts.NONE : published;
            conditions = Text.orEmpty(conditions);
        }

        public boolean ready() {
            return conditions.stream().anyMatch(c -> c.type().equals(READY) && c.holds());
        }
    }
}
