package dev.tombolo.model.cluster;

import dev.tombolo.model.identity.SecurityIdentity;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;

/** How many clusters a mesh may have, which decides how a 24-bit identity is cut into cluster and local part. */
public enum MeshNumbering {
    CLUSTERS_255(255, 16),
    CLUSTERS_511(511, 15);

    /** Shared address space (RFC 6598), cut into one tunnel range for each cluster. */
    private static final int TUNNEL_SPACE = 0x64400000;

    private static final int TUNNEL_SPACE_LENGTH = 10;

    private final int maxConnectedClusters;
    private final int clusterShift;

    MeshNumbering(int maxConnectedClusters, int clusterShift) {
        this.maxConnectedClusters = maxConnectedClusters;
        this.clusterShift = clusterShift;
    }

    public static MeshNumbering of(int maxConnectedClusters) {
        for (var numbering : values()) {
            if (numbering.maxConnectedClusters == maxConnectedClusters) {
                return numbering;
            }
        }
        throw new IllegalArgumentException("max-connected-clusters is 255 or 511, not " + maxConnectedClusters);
    }

    public int maxConnectedClusters() {
        return maxConnectedClusters;
    }

    public boolean admits(int clusterId) {
        return clusterId >= 1 && clusterId <= maxConnectedClusters;
    }

    public SecurityIdentity firstIdentity(ClusterId cluster) {
        return new SecurityIdentity((long) cluster.value() << clusterShift);
    }

    public SecurityIdentity lastIdentity(ClusterId cluster) {
        return new SecurityIdentity(((long) (cluster.value() + 1) << clusterShift) - 1);
    }

    public boolean belongsTo(SecurityIdentity identity, ClusterId cluster) {
        return identity.value() >>> clusterShift == cluster.value();
    }

    /** The range from which a cluster's nodes get tunnel addresses unless another is configured: /18, or /19 with 511. */
    public Prefix defaultTunnelRange(ClusterId cluster) {
        int length = TUNNEL_SPACE_LENGTH + (24 - clusterShift);
        return new Prefix(IpAddress.v4(TUNNEL_SPACE + (cluster.value() << (32 - length))), length);
    }
}
