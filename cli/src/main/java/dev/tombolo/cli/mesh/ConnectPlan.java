package dev.tombolo.cli.mesh;

import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.cluster.MeshNumbering;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether two clusters can be peers, and what each writes down about the other. Pure. */
public final class ConnectPlan {
    private ConnectPlan() {}

    /** Why these two cannot be connected, each with what was read and how to mend it; empty when they can. */
    public static List<String> refusals(ClusterMeshObject.Status a, ClusterMeshObject.Status b) {
        var refusals = new ArrayList<String>();
        if (a.clusterName().equals(b.clusterName())) {
            refusals.add("both clusters are named " + a.clusterName()
                    + "; names must differ: install one of them again with --set cluster.name=OTHER");
        }
        if (a.clusterId() == b.clusterId()) {
            refusals.add(a.clusterName() + " and " + b.clusterName() + " both have the id " + a.clusterId()
                    + "; ids must differ: install one of them again with --set cluster.id=OTHER");
        }
        if (a.maxConnectedClusters() != b.maxConnectedClusters()) {
            refusals.add(a.clusterName() + " numbers up to " + a.maxConnectedClusters() + " clusters, "
                    + b.clusterName() + " up to " + b.maxConnectedClusters()
                    + "; max-connected-clusters must be the same in the whole mesh");
        } else {
            range(a).ifPresent(refusals::add);
            range(b).ifPresent(refusals::add);
        }
        overlaps("pod", a, a.podCIDRs(), b, b.podCIDRs(), refusals);
        overlaps("node", a, a.nodeCIDRs(), b, b.nodeCIDRs(), refusals);
        overlaps("tunnel", a, List.of(a.tunnelCIDR()), b, List.of(b.tunnelCIDR()), refusals);
        overlaps("pod and node", a, a.podCIDRs(), b, b.nodeCIDRs(), refusals);
        overlaps("node and pod", a, a.nodeCIDRs(), b, b.podCIDRs(), refusals);
        return refusals;
    }

    private static Optional<String> range(ClusterMeshObject.Status cluster) {
        return MeshNumbering.of(cluster.maxConnectedClusters()).admits(cluster.clusterId())
                ? Optional.empty()
                : Optional.of("the id of " + cluster.clusterName() + " is " + cluster.clusterId() + ", expected 1 to "
                        + cluster.maxConnectedClusters());
    }

    private static void overlaps(
            String kind,
            ClusterMeshObject.Status a,
            List<String> ofA,
            ClusterMeshObject.Status b,
            List<String> ofB,
            List<String> refusals) {
        for (String one : ofA) {
            for (String other : ofB) {
                if (Prefix.tryParse(one).isPresent()
                        && Prefix.tryParse(other)
                                .filter(Prefix.parse(one)::overlaps)
                                .isPresent()) {
                    refusals.add("the " + kind + " ranges overlap: " + one + " of " + a.clusterName() + " and " + other
                            + " of " + b.clusterName() + "; give one of the clusters other ranges");
                }
            }
        }
    }

    /** What one cluster writes down about another: all that it will ever believe of it. */
    public static MeshPeerObject.Spec peer(ClusterMeshObject.Status of, Optional<MeshPeerObject> before) {
        return new MeshPeerObject.Spec(
                of.clusterId(),
                of.endpoints(),
                of.certificateAuthority(),
                of.certificateRequest(),
                before.map(peer -> peer.spec().clientCertificate()).orElse(""),
                of.podCIDRs(),
                of.nodeCIDRs(),
                of.tunnelCIDR(),
                of.maxConnectedClusters(),
                before.flatMap(peer -> peer.spec().quotas()));
    }
}
