package dev.tombolo.apiserver.bgp;

import dev.tombolo.bgp.report.NodeReport;
import dev.tombolo.bgp.report.PeerReport;
import dev.tombolo.kube.object.BgpNodeConfigObject;
import dev.tombolo.kube.object.BgpNodeConfigObject.PeerStatus;
import dev.tombolo.model.bgp.PeerId;
import java.util.List;
import java.util.Optional;

/** What a node has written of its sessions, as what it was written from. */
final class NodeReportPlan {
    private NodeReportPlan() {}

    static NodeReport report(BgpNodeConfigObject object) {
        var status = object.status();
        return new NodeReport(
                object.head().name(),
                written(status.clusterConfig()),
                status.conflictingClusterConfigs(),
                peers(status),
                status.routes());
    }

    private static List<PeerReport> peers(BgpNodeConfigObject.Status status) {
        return status.bgpInstances().stream()
                .flatMap(instance ->
                        instance.peers().stream().map(peer -> report(new PeerId(instance.name(), peer.name()), peer)))
                .toList();
    }

    private static PeerReport report(PeerId id, PeerStatus peer) {
        return new PeerReport(id, written(peer.peerConfig()), peer.peeringState(), peer.reason(), peer.message());
    }

    private static Optional<String> written(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }
}
