package dev.tombolo.apiserver;

import dev.tombolo.apiserver.peer.PeerController;
import dev.tombolo.kube.object.MeshPeerObject;
import dev.tombolo.kube.write.KubeEvents;
import dev.tombolo.kube.write.KubeWrites;
import java.io.IOException;

/** What is known of peers, as status and Events of their objects. */
record PeerReports(KubeWrites writes) implements PeerController.Reports {
    @Override
    public void status(String peer, MeshPeerObject.Status status) throws IOException {
        writes.statuses().meshPeer(peer, status);
    }

    @Override
    public void refused(MeshPeerObject peer, String reason, String message) throws IOException {
        writes.events("clustermesh-apiserver")
                .record(
                        KubeEvents.Subject.meshPeer(peer.name(), peer.uid()),
                        KubeEvents.Severity.WARNING,
                        "ObjectsRefused",
                        message);
    }
}
