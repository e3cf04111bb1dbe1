package dev.tombolo.cli.mesh;

import dev.tombolo.cli.CommandFailure;
import dev.tombolo.kube.KubeApi;
import dev.tombolo.kube.object.ClusterMeshObject;
import dev.tombolo.kube.object.MeshPeerObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

    /** The certificate that the other has signed for an earlier request of ours; empty if it has not. */
    String outdatedBy(Side other) throws IOException {
        return other.peer(this)
                .filter(peer -> !peer.spec().certificateRequest().equals(mesh.certificateRequest()))
                .map(peer -> peer.status().issuedCertificate())
                .orElse("");
    }

    /** Takes the certificate that the other has signed for us; empty while there is none but the outdated one. */
    Optional<String> issuedBy(Side other, String outdated) throws IOException {
        return other.peer(this)
                .map(peer -> peer.status().issuedCertificate())
                .filter(pem -> !pem.isEmpty() && !pem.equals(outdated));
    }

    /** Why the other cannot be connected; nothing is changed by asking. */
    List<String> refusals(Side other) throws IOException {
        var refusals = new ArrayList<>(ConnectPlan.refusals(mesh, other.mesh));
        refusals.addAll(ConnectPlan.refusals(mesh, api.writes().mesh().peers(), other.mesh));
        refusals.addAll(
                ConnectPlan.refusals(other.mesh, other.api.writes().mesh().peers(), mesh));
        return refusals;
    }

    /** Keeps our certificate where our mesh API server reads it; returns whether it was news. */
    boolean useCertificate(Side other, String pem) throws IOException {
        var peer = peer(other)
                .orElseThrow(() -> CommandFailure.failed("MeshPeer " + other.name() + " of context " + context
                        + " was deleted meanwhile; run the same command again"));
        return api.writes().mesh().putPeer(other.name(), peer.spec().withClientCertificate(pem));
    }
}
