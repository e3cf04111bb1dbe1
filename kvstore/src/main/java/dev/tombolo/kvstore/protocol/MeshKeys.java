package dev.tombolo.kvstore.protocol;

import dev.tombolo.model.cluster.ClusterName;

/** The keys of Cilium Cluster Mesh's etcd schema, and the few of ours under {@code tombolo/}. */
public final class MeshKeys {
    public static final String HEARTBEAT = "cilium/.heartbeat";
    public static final String SYNCED = "cilium/synced/";
    public static final String CLUSTER_CONFIG = "cilium/cluster-config/";
    /** Ours: what the mirror knows of each peer's freshness. */
    public static final String PEER_STATE = "tombolo/peer-state/";

    private MeshKeys() {}

    /** What is synchronised. The part of the path is that of {@code cilium/state}. */
    public enum Kind {
        NODES("nodes/v1"),
        IDENTITIES("identities/v1"),
        IPS("ip/v1"),
        SERVICES("services/v1"),
        ENDPOINT_SLICES("endpointslices/v1"),
        SERVICE_EXPORTS("serviceexports/v1");

        private final String path;

        Kind(String path) {
            this.path = path;
        }
    }

    public static String clusterConfig(ClusterName cluster) {
        return CLUSTER_CONFIG + cluster;
    }

    /** The prefix of everything a cluster says of itself of one kind, with a trailing slash. */
    public static String state(Kind kind, ClusterName self) {
        String root = "cilium/state/" + kind.path + "/";
        return switch (kind) {
            case IDENTITIES -> root + "id/";
            case IPS -> root + "default/";
            case NODES, SERVICES, ENDPOINT_SLICES, SERVICE_EXPORTS -> root + self + "/";
        };
    }

    /** The prefix of what a mirror copied of one peer, with a trailing slash. */
    public static String cache(Kind kind, ClusterName peer) {
        String root = "cilium/cache/" + kind.path + "/" + peer + "/";
        return kind == Kind.IDENTITIES ? root + "id/" : root;
    }

    /** The canary that shows that {@code cilium/state} of a kind is complete. */
    public static String stateCanary(Kind kind, ClusterName self) {
        return SYNCED + self + "/cilium/state/" + kind.path;
    }

    /** The canary that shows that the copy of a peer's kind is complete. */
    public static String cacheCanary(Kind kind, ClusterName peer) {
        return SYNCED + peer + "/cilium/cache/" + kind.path;
    }

    public static String peerState(ClusterName peer) {
        return PEER_STATE + peer;
    }

    /** Where a peer finds its renewed client certificate; readable by that peer only. */
    public static String issuedCertificate(ClusterName peer) {
        return "tombolo/peer/" + peer + "/certificate";
    }
}
