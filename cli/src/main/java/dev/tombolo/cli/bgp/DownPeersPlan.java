package dev.tombolo.cli.bgp;

import dev.tombolo.deploy.Manifests;
import dev.tombolo.model.bgp.PeerId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** Peers that are not established. One that several nodes have, for one reason, is said once, in the words of the first. */
final class DownPeersPlan {
    private record Kind(PeerId peer, String state, String reason) {}

    private DownPeersPlan() {}

    static List<Notice> of(Collection<PeerRow> rows) {
        return rows.stream()
                .filter(row -> !row.isEstablished())
                .collect(Collectors.groupingBy(DownPeersPlan::kind, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(DownPeersPlan::notice)
                .toList();
    }

    private static Kind kind(PeerRow row) {
        return new Kind(row.id(), row.peer().peeringState(), row.peer().reason());
    }

    private static Notice notice(List<PeerRow> alike) {
        var first = alike.getFirst();
        String more = alike.size() == 1 ? "" : " and " + (alike.size() - 1) + " more";
        return new Notice(
                "BGP peer " + first.id() + " of node " + first.node() + more + " is "
                        + first.peer().peeringState() + ": " + first.peer().reason() + ", "
                        + first.peer().message(),
                fix(first));
    }

    private static String fix(PeerRow row) {
        var peer = row.peer();
        return switch (peer.reason()) {
            case "NotEstablished" ->
                "see that router " + peer.peerAddress() + " has " + neighbour(row) + " with AS " + row.localAsn()
                        + " for a neighbour, and that TCP goes through between them";
            case "MissingPeerConfig" -> "make it, or correct peerConfigRef: kubectl get ciliumbgppeerconfigs";
            case "PeerConfigRefused" -> "correct it: kubectl edit ciliumbgppeerconfig " + peer.peerConfig();
            case "MissingAuthSecret" ->
                "make it in namespace kube-system, or correct spec.authSecretRef: kubectl edit "
                        + "ciliumbgppeerconfig " + peer.peerConfig();
            case "OverrideRefused" -> "correct it: kubectl edit ciliumbgpnodeconfigoverride " + row.node();
            case PeerRow.UNHEARD ->
                "kubectl -n " + Manifests.NAMESPACE + " get pods -o wide, and look at its agent; its state is unknown";
            case PeerRow.NOT_REPORTED ->
                "agents do within seconds; kubectl -n " + Manifests.NAMESPACE + " logs of its agent if it stays";
            default -> "kubectl describe ciliumbgpnodeconfig " + row.node();
        };
    }

    private static String neighbour(PeerRow row) {
        return row.localAddress().isEmpty() ? "node " + row.node() : row.localAddress();
    }
}
