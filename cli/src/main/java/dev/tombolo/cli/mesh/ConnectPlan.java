package dev.tombolo.cli.mesh;

import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.model.cluster.MeshNumbering;
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
            outOfRange(a).ifPresent(refusals::add);
            outOfRange(b).ifPresent(refusals::add);
        }
        refusals.addAll(
                DeclaredRange.overlaps(a.clusterName(), DeclaredRange.of(a), b.clusterName(), DeclaredRange.of(b)));
        return refusals;
    }

    /** Why a cluster cannot join those that one of the two is connected with already. */
    public static List<String> refusals(
            ClusterMeshObject.Status at, List<MeshPeerObject> peers, ClusterMeshObject.Status newcomer) {
        var refusals = new ArrayList<String>();
        for (var peer : peers) {
            if (peer.name().equals(newcomer.clusterName())) {
                continue;
            }
            String name = "the peer " + peer.name() + " of " + at.clusterName();
            if (peer.spec().clusterId() == newcomer.clusterId()) {
                refusals.add(name + " has the id " + peer.spec().clusterId() + ", as " + newcomer.clusterName()
                        + " has; ids must differ in the whole mesh");
            }
            refusals.addAll(DeclaredRange.overlaps(
                    newcomer.clusterName(), DeclaredRange.of(newcomer), name, DeclaredRange.of(peer.spec())));
        }
        return refusals;
    }

    private static Optional<String> outOfRange(ClusterMeshObject.Status cluster) {
        return MeshNumbering.of(cluster.maxConnectedClusters()).admits(cluster.clusterId())
                ? Optional.empty()
                : Optional.of("the id of " + cluster.clusterName() + " is " + cluster.clusterId() + ", expected 1 to "
                        + cluster.maxConnectedClusters());
    }

    /** What one cluster writes down about another: all that it will ever believe of it. */
    public static MeshPeerObject.Spec peer(ClusterMeshObject.Status of, Optional<MeshPeerObject> before) {
        return new MeshPeerObject.Spec(
                of.clusterId(),
                of.endpoints(),
                of.certificateAuthority(),
                of.certificateRequest(),
                stillGood(of, before),
                of.podCIDRs(),
                of.nodeCIDRs(),
                of.tunnelCIDR(),
                of.maxConnectedClusters(),
                before.flatMap(peer -> peer.spec().quotas()));
    }

    // A cluster that was installed anew has another authority, and what the old one signed opens nothing there.
    private static String stillGood(ClusterMeshObject.Status of, Optional<MeshPeerObject> before) {
        return before.map(MeshPeerObject::spec)
                .filter(spec -> spec.certificateAuthority()
                        .strip()
                        .equals(of.certificateAuthority().strip()))
                .map(MeshPeerObject.Spec::clientCertificate)
                .orElse("");
    }
}
