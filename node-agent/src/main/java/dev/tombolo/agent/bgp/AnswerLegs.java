package dev.tombolo.agent.bgp;

import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.model.bgp.BgpPeer;
import java.util.List;

/** What a session that is down needs, by the answer of its router to a connection that was made to see. */
final class AnswerLegs {
    private AnswerLegs() {}

    static List<Leg> of(BgpPeer peer, RouterAnswer seen) {
        String port = "port " + peer.peerPort() + " of " + peer.peerAddress();
        var tcp = BgpNote.of("tcp", peer.id());
        return switch (seen) {
            case RouterAnswer.Refused() ->
                List.of(tcp.broken(
                        port + " refuses connections",
                        "a router that listens there for " + peer.localAddress(),
                        "no BGP runs there, or it is not for this node",
                        "start it, or correct peerAddress or transport.peerPort"));
            case RouterAnswer.NoWay(var why) ->
                List.of(tcp.broken(
                        port + " cannot be reached: " + why,
                        "a way to it from " + peer.localAddress(),
                        "the node has no route to it, or the next hop does not answer",
                        "ip route get " + peer.peerAddress() + " from " + peer.localAddress() + " on the node"));
            case RouterAnswer.Silent() -> List.of(silent(peer, tcp, port));
            case RouterAnswer.Taken() -> taken(peer, tcp.holds(port + " takes connections"));
        };
    }

    /** A connection without a password, which this is, is not answered by a router that wants one. */
    private static Leg silent(BgpPeer peer, BgpNote tcp, String port) {
        return peer.password().isPresent()
                ? tcp.unknown(
                        port + " does not answer; this look had no password",
                        "an answer to the session, which has one",
                        "the router may have another password, or be out of reach, or a firewall is between",
                        "compare the password at the router, then ping " + peer.peerAddress() + " from the node")
                : tcp.broken(
                        port + " does not answer",
                        "a router that listens there",
                        "it is out of reach, a firewall is between, or it expects a password (TCP MD5)",
                        "ping " + peer.peerAddress() + " from the node; look for a password at the router");
    }

    private static List<Leg> taken(BgpPeer peer, Leg tcp) {
        if (peer.password().isEmpty()) {
            return List.of(tcp);
        }
        var password = BgpNote.of("password", peer.id())
                .unknown(
                        "a connection without the password is taken, the session with it is not up",
                        "the router to have the same password for " + peer.localAddress(),
                        "it may have none for this node: such a router does not answer a signed connection",
                        "compare the password at the router with the Secret of spec.authSecretRef");
        return List.of(tcp, password);
    }
}
