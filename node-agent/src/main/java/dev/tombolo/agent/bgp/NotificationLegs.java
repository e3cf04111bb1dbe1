package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.model.bgp.BgpPeer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a session that is down needs, by the message with which one side has ended it. */
final class NotificationLegs {
    private static final int OPEN_REFUSED = 2;
    private static final int HOLD_TIMER = 4;

    private NotificationLegs() {}

    static List<Leg> of(BgpPeer peer, Notification last) {
        var tcp = BgpNote.of("tcp", peer.id())
                .holds("port " + peer.peerPort() + " of " + peer.peerAddress() + " is answered");
        return Stream.concat(Stream.of(tcp), why(peer, last).stream()).toList();
    }

    private static Optional<Leg> why(BgpPeer peer, Notification last) {
        return switch (last.code()) {
            case OPEN_REFUSED -> refused(peer, last);
            case HOLD_TIMER ->
                Optional.of(BgpNote.of("hold time", peer.id())
                        .broken(
                                last.toString(),
                                "a message within " + peer.holdTime().toSeconds() + " s",
                                "packets are lost on the way, or one side is too slow for this hold time",
                                "look at the way to " + peer.peerAddress() + "; a longer one is "
                                        + "spec.timers.holdTimeSeconds of the CiliumBGPPeerConfig"));
            default -> Optional.empty();
        };
    }

    private static Optional<Leg> refused(BgpPeer peer, Notification last) {
        String neighbour = "neighbour " + peer.localAddress() + " at the router";
        return switch (last.subcode()) {
            case 2 ->
                Optional.of(BgpNote.of("asn", peer.id())
                        .broken(
                                last.toString(),
                                "the router to have AS " + peer.peerAsn() + ", and to expect AS " + peer.localAsn()
                                        + " of " + peer.localAddress(),
                                "one side has another number than the other one was told",
                                "compare peerASN and localASN of the CiliumBGPClusterConfig with " + neighbour));
            case 3 ->
                Optional.of(BgpNote.of("router id", peer.id())
                        .broken(
                                last.toString(),
                                "a router ID that nobody else has",
                                peer.routerId() + " is the router's own, or another neighbour's",
                                "set routerID in a CiliumBGPNodeConfigOverride of this node"));
            case 6 ->
                Optional.of(BgpNote.of("hold time", peer.id())
                        .broken(
                                last.toString(),
                                "one that both sides take",
                                "one side does not take the " + peer.holdTime().toSeconds() + " s of the other",
                                "set spec.timers.holdTimeSeconds of the CiliumBGPPeerConfig to what the router takes"));
            case 7 ->
                Optional.of(BgpNote.of("families", peer.id())
                        .broken(
                                last.toString(),
                                PeerLegs.words(peer.families()),
                                "one side wants a capability, mostly a family, that the other does not have",
                                "compare spec.families of the CiliumBGPPeerConfig with " + neighbour));
            default -> Optional.empty();
        };
    }
}
