package dev.tombolo.certs;

import dev.tombolo.model.cluster.ClusterName;

/** The names by which etcd knows its users. */
public final class CommonNames {
    public static final String SERVER = "clustermesh-apiserver.tombolo-system.svc";

    private CommonNames() {}

    public static String authority(ClusterName cluster) {
        return "Tombolo CA " + cluster;
    }

    public static String admin(ClusterName cluster) {
        return "admin-" + cluster;
    }

    public static String local(ClusterName cluster) {
        return "local-" + cluster;
    }

    public static String remote(ClusterName peer) {
        return "remote-" + peer;
    }
}
