package dev.tombolo.cli.bgp;

import dev.tombolo.kube.object.BgpNodeConfigObject.BfdStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.RouteCount;
import dev.tombolo.kube.object.BgpNodeConfigObject.Timers;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sessions to programs. */
final class BgpSessionsDocument {
    private BgpSessionsDocument() {}

    static Map<String, Object> of(BgpSessions sessions) {
        var document = new LinkedHashMap<String, Object>();
        document.put("fine", sessions.isFine());
        document.put("sessions", sessions.rows().size());
        document.put("established", sessions.established());
        document.put(
                "peers", sessions.rows().stream().map(BgpSessionsDocument::of).toList());
        document.put(
                "problems", sessions.faults().stream().map(Notice::document).toList());
        document.put(
                "remarks", sessions.remarks().stream().map(Notice::document).toList());
        return document;
    }

    private static Map<String, Object> of(PeerRow row) {
        var peer = row.peer();
        var document = new LinkedHashMap<String, Object>();
        document.put("node", row.node());
        document.put("instance", row.instance());
        document.put("local_asn", row.localAsn() == 0 ? null : row.localAsn());
        document.put("local_address", known(row.localAddress()));
        document.put("peer", peer.name());
        document.put("peer_asn", peer.peerASN());
        document.put("peer_address", known(peer.peerAddress()));
        document.put("peer_config", known(peer.peerConfig()));
        document.put("state", peer.peeringState());
        document.put("since", peer.establishedTime().map(Object::toString).orElse(null));
        document.put(
                "hold_time_seconds",
                peer.timers().map(Timers::appliedHoldTimeSeconds).orElse(null));
        document.put(
                "families",
                peer.routeCount().stream().map(BgpSessionsDocument::of).toList());
        document.put("reason", known(peer.reason()));
        document.put("message", known(peer.message()));
        document.put("bfd", peer.bfd().map(BgpSessionsDocument::of).orElse(null));
        return document;
    }

    private static Map<String, Object> of(BfdStatus bfd) {
        var document = new LinkedHashMap<String, Object>();
        document.put("state", bfd.state());
        document.put("since", bfd.since().map(Object::toString).orElse(null));
        document.put("reason", known(bfd.reason()));
        document.put("message", known(bfd.message()));
        return document;
    }

    private static Map<String, Object> of(RouteCount count) {
        var document = new LinkedHashMap<String, Object>();
        document.put("afi", count.afi());
        document.put("safi", count.safi());
        document.put("received", count.received());
        document.put("advertised", count.advertised());
        return document;
    }

    private static String known(String text) {
        return text.isEmpty() ? null : text;
    }
}
