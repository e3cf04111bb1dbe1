package dev.tombolo.cli.bgp;

import dev.tombolo.deploy.Manifests;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Peers that are established and that BFD was asked for, while it is not up: their loss would be noticed by the hold time only.
 * One that several nodes have, for one reason, is said once.
 */
final class UnwatchedPeersPlan {
    private UnwatchedPeersPlan() {}

    static List<Notice> of(Collection<PeerRow> rows) {
        return rows.stream()
                .filter(PeerRow::isUnwatched)
                .collect(Collectors.groupingBy(
                        row -> List.of(row.id(), reason(row)), LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(UnwatchedPeersPlan::notice)
                .toList();
    }

    private static String reason(PeerRow row) {
        return row.peer().bfd().orElseThrow().reason();
    }

    private static Notice notice(List<PeerRow> alike) {
        var first = alike.getFirst();
        var bfd = first.peer().bfd().orElseThrow();
        String more = alike.size() == 1 ? "" : " and " + (alike.size() - 1) + " more";
        return new Notice(
                "BFD with BGP peer " + first.id() + " of node " + first.node() + more + " is " + bfd.state() + ": "
                        + bfd.reason() + ", " + bfd.message(),
                fix(first));
    }

    private static String fix(PeerRow row) {
        return switch (reason(row)) {
            case "NotWatched", "NotReported" ->
                "see container bfd: kubectl -n " + Manifests.NAMESPACE + " get pods -l app=tombolo-bgp -o wide";
            default ->
                "see that router " + row.peer().peerAddress() + " has BFD on for this session, and that UDP port 3784,"
                        + " or 4784 over several hops, goes through both ways";
        };
    }
}
