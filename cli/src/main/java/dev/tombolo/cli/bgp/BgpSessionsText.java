package dev.tombolo.cli.bgp;

import dev.tombolo.cli.output.Age;
import dev.tombolo.reconciler.table.Columns;
import java.time.Instant;

/** Sessions to people: whether all are up, then each, then what to do. */
final class BgpSessionsText {
    private BgpSessionsText() {}

    static String of(BgpSessions sessions, Instant now) {
        var text = new StringBuilder(answer(sessions)).append('\n');
        if (!sessions.rows().isEmpty()) {
            text.append('\n').append(columns(sessions, now).text(sessions.rows()));
        }
        sessions.faults().forEach(fault -> text.append("\n❌ ").append(said(fault)));
        sessions.remarks().forEach(remark -> text.append("\n⚠️  ").append(said(remark)));
        return text.toString();
    }

    private static String answer(BgpSessions sessions) {
        String mark = sessions.isFine() ? "✅ " : "❌ ";
        if (sessions.rows().isEmpty()) {
            return sessions.isFine() ? "No BGP session is asked for" : mark + "There is no BGP session";
        }
        return mark + "BGP sessions established: " + sessions.established() + " of "
                + sessions.rows().size();
    }

    private static Columns<PeerRow> columns(BgpSessions sessions, Instant now) {
        var nodes = Columns.<PeerRow>none().with("Node", PeerRow::node);
        var columns = (hasSeveralInstances(sessions) ? nodes.with("Instance", PeerRow::instance) : nodes)
                .with("Local AS", row -> number(row.localAsn()))
                .with("Peer", row -> row.peer().name())
                .with("Peer AS", row -> number(row.peer().peerASN()))
                .with("Address", row -> row.peer().peerAddress())
                .with("State", row -> row.peer().peeringState())
                .with(
                        "Uptime",
                        row -> row.peer()
                                .establishedTime()
                                .map(since -> Age.of(since, now))
                                .orElse(""))
                .with("Advertised", PeerRow::advertised);
        return (isWatched(sessions) ? columns.with("BFD", PeerRow::bfd) : columns)
                .with("Reason", row -> row.peer().reason());
    }

    /** Of a system; 0 where it is not known. */
    private static String number(long asn) {
        return asn == 0 ? "" : Long.toString(asn);
    }

    private static boolean isWatched(BgpSessions sessions) {
        return sessions.rows().stream().anyMatch(row -> row.peer().bfd().isPresent());
    }

    private static boolean hasSeveralInstances(BgpSessions sessions) {
        return sessions.rows().stream().map(PeerRow::instance).distinct().count() > 1;
    }

    private static String said(Notice notice) {
        return notice.what() + "\n   💡 " + notice.fix() + "\n";
    }
}
