package dev.tombolo.cli.bgp;

import dev.tombolo.kube.object.BgpNodeConfigObject.BfdStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.PeerStatus;
import dev.tombolo.kube.object.BgpNodeConfigObject.RouteCount;
import dev.tombolo.model.bgp.BgpInstance;
import dev.tombolo.model.bgp.PeerId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A session that was asked for on a node, and how it is.
 *
 * @param localAsn 0 where it is not known yet
 * @param localAddress of the node's end; empty where there is none
 */
public record PeerRow(String node, String instance, long localAsn, String localAddress, PeerStatus peer)
        implements Comparable<PeerRow> {
    static final String NOT_REPORTED = "NotReported";
    static final String UNHEARD = "NodeSilent";
    private static final String UNKNOWN = "unknown";
    private static final Comparator<PeerRow> ORDER =
            Comparator.comparing(PeerRow::node).thenComparing(PeerRow::id);

    /** Of a node that has said nothing of it yet. */
    static PeerRow unreported(String node, BgpInstance instance, BgpInstance.Router router) {
        String address = switch (router.place()) {
            case BgpInstance.Place.At(var at) -> at.toString();
            case BgpInstance.Place.DefaultGateway _ -> "";
        };
        var status = unknown(
                new PeerStatus(
                        router.name(),
                        address,
                        router.asn().number(),
                        UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        router.peerConfig().orElse(""),
                        "",
                        "",
                        Optional.empty()),
                NOT_REPORTED,
                "its agent has not said how it is");
        return new PeerRow(
                node,
                instance.name(),
                instance.localAsn().map(asn -> asn.number()).orElse(0L),
                "",
                status);
    }

    /** The same as far as it holds of a node that says nothing any more: what it said last is no news. */
    PeerRow unheard(String why) {
        return new PeerRow(node, instance, localAsn, localAddress, unknown(peer, UNHEARD, why));
    }

    private static PeerStatus unknown(PeerStatus peer, String reason, String message) {
        return new PeerStatus(
                peer.name(),
                peer.peerAddress(),
                peer.peerASN(),
                UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                peer.peerConfig(),
                reason,
                message,
                Optional.empty());
    }

    PeerId id() {
        return new PeerId(instance, peer.name());
    }

    /** Whether nothing can be said of it because nothing is heard of its node. */
    public boolean isUnheard() {
        return peer.reason().equals(UNHEARD);
    }

    public boolean isEstablished() {
        return peer.isEstablished();
    }

    /** For a column: how many routes are told, of each family. */
    String advertised() {
        return peer.routeCount().stream().map(PeerRow::advertised).collect(Collectors.joining(", "));
    }

    /** For a column: the state; empty where nobody asked for it. */
    String bfd() {
        return peer.bfd().map(BfdStatus::state).orElse("");
    }

    /** Whether it is up, and its router would not be missed at once. */
    boolean isUnwatched() {
        return isEstablished() && peer.bfd().filter(bfd -> !bfd.isUp()).isPresent();
    }

    private static String advertised(RouteCount count) {
        return count.advertised() + " " + count.afi();
    }

    @Override
    public int compareTo(PeerRow other) {
        return ORDER.compare(this, other);
    }
}
