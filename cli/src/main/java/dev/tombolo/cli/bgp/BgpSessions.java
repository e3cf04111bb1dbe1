package dev.tombolo.cli.bgp;

import java.util.List;
import java.util.stream.Stream;

/**
 * The sessions that were asked for.
 *
 * @param gaps why others that were asked for are not even rows
 * @param remarks what else was written and is not so, while sessions are as they were asked for
 */
public record BgpSessions(List<PeerRow> rows, List<Notice> gaps, List<Notice> remarks) {
    public BgpSessions {
        rows = List.copyOf(rows);
        gaps = List.copyOf(gaps);
        remarks = List.copyOf(remarks);
    }

    public int established() {
        return (int) rows.stream().filter(PeerRow::isEstablished).count();
    }

    /** Whether all that was asked for is established. */
    public boolean isFine() {
        return gaps.isEmpty() && rows.stream().allMatch(PeerRow::isEstablished);
    }

    List<Notice> faults() {
        return Stream.concat(DownPeersPlan.of(rows).stream(), gaps.stream()).toList();
    }

    /** What is wrong beside the nodes of which nothing is heard. */
    public List<Notice> faultsOfHeard() {
        var heard = rows.stream().filter(row -> !row.isUnheard()).toList();
        return Stream.concat(DownPeersPlan.of(heard).stream(), gaps.stream()).toList();
    }
}
