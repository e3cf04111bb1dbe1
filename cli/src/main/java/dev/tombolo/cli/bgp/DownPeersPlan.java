package dev.tombolo.cli.bgp;

import dev.tombolo.deploy.Manifests;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Peers that are not established. One that several nodes have, for one reason, is said once, in the words of the first; and so
 * is a node of which nothing is heard.
 */
final class DownPeersPlan {
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

    private static List<Object> kind(PeerRow row) {
        return row.isUnheard()
                ? List.of(row.node())
                : List.of(row.id(), row.peer().peeringState(), row.peer().reason());
    }

    private static Notice notice(List<PeerRow> alike) {
        var first = alike.getFirst();
        var peer = first.peer();
        String more = alike.size() == 1 ? "" : " and " + (alike.size() - 1) + " more";
        return new Notice(
                first.isUnheard()
                        ? peer.message() + "; nothing is known of its BGP sessions"
                        : "BGP peer " + first.id() + " of node " + first.node() + more + " is " + peer.peeringState()
                                + ": " + peer.reason() + ", " + peer.message(),
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
            case "DuplicatePeer", "NoLocalAsn", "NoDefaultGateway", "NoLocalAddress", "OwnAddress" ->
                "compare spec.bgpInstances of its CiliumBGPClusterConfig: kubectl get ciliumbgpclusterconfigs -o yaml";
            case "OverrideRefused", "FamilyMismatch" ->
                "correct it: kubectl edit ciliumbgpnodeconfigoverride " + row.node();
            case PeerRow.UNHEARD -> "kubectl -n " + Manifests.NAMESPACE + " get pods -o wide, and look at its agent";
            case PeerRow.NOT_REPORTED ->
                "agents do within seconds; kubectl -n " + Manifests.NAMESPACE + " logs of its agent if it stays";
            default -> "kubectl describe ciliumbgpnodeconfig " + row.node();
        };
    }

    private static String neighbour(PeerRow row) {
        return row.localAddress().isEmpty() ? "node " + row.node() : row.localAddress();
    }
}
