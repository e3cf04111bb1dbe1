package dev.tombolo.agent.egress.rows;

import dev.tombolo.agent.path.RemoteRanges;
import dev.tombolo.kube.object.InternalRanges;
import dev.tombolo.kube.object.KubeNode;
import dev.tombolo.kube.object.KubeService;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.peer.PeerDeclaration;
import java.util.Collection;
import java.util.Set;

/** Destinations within the clusters, and those that no gateway can stand for: they are never steered or translated. */
final class InternalRangesPlan {
    private InternalRangesPlan() {}

    static Set<Prefix> ranges(
            Collection<KubeNode> nodes,
            Collection<EgressPod> pods,
            Collection<KubeService> services,
            Collection<PeerDeclaration> peers,
            Prefix tunnels) {
        return InternalRanges.of(nodes, pods, services, RemoteRanges.of(peers), tunnels)
                .ranges()
                .keySet();
    }
}
