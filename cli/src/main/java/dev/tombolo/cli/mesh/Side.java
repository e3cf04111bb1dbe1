package dev.tombolo.cli.mesh;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.MeshPeerObject;
import java.io.IOException;
import java.util.Optional;

/** One of the two clusters of a connection, with what it says of itself. */
record Side(String context, KubeApi api, ClusterMeshObject.Status mesh) {
    /** Reads a cluster; fails when it is not enabled. */
    static Side read(String context, KubeApi api) throws IOException {
        var mesh = api.writes().mesh().clusterMesh();
        if (mesh.isEmpty()) {
            throw CommandFailure.failed("context " + context
                    + ": read no ClusterMesh, expected one; run: tombolo clustermesh enable --context " + context);
        }
        if (!mesh.get().status().ready()) {
            throw CommandFailure.failed("context " + context
                    + ": its mesh API server is not ready yet; look with: tombolo clustermesh status --wait --context "
                    + context);
        }
        return new Side(context, api, mesh.get().status());
    }

    String name() {
        return mesh.clusterName();
    }

    Optional<MeshPeerObject> peer(Side other) throws IOException {
        return api.writes().mesh().peer(other.name());
    }

    /** Writes down what the other says of itself; returns whether that was news. */
    boolean declare(Side other) throws IOException {
        return api.writes().mesh().putPeer(other.name(), ConnectPlan.peer(other.mesh, peer(other)));
    }

    /** Takes the certificate that the other has signed for us; empty while it has not. */
    Optional<String> issuedBy(Side other) throws IOException {
        return other.peer(this).map(peer -> peer.status().issuedCertificate()).filter(pem -> !pem.isEmpty());
    }

    /** Keeps our certificate where our mesh API server reads it; returns whether it was news. */
    boolean useCertificate(Side other, String pem) throws IOException {
        var peer = peer(other)
                .orElseThrow(() -> CommandFailure.failed("MeshPeer " + other.name() + " of context " + context
                        + " was deleted meanwhile; run the same command again"));
        return api.writes().mesh().putPeer(other.name(), peer.spec().withClientCertificate(pem));
    }
}
