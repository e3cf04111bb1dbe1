package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.speaker.Negotiated;
import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.model.bgp.BgpPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What one session needs. One that is up proves most of it; one that is down is told by what was heard last. */
final class PeerLegs {
    private static final int OPEN_REFUSED = 2;
    private static final int HOLD_TIMER = 4;

    private final BgpPeer peer;
    private final PeerStatus status;
    private final Optional<RouterAnswer> answer;
    private final List<Leg> legs = new ArrayList<>();

    private PeerLegs(BgpPeer peer, PeerStatus status, Optional<RouterAnswer> answer) {
        this.peer = peer;
        this.status = status;
        this.answer = answer;
    }

    static List<Leg> of(BgpPeer peer, PeerStatus status, Optional<RouterAnswer> answer) {
        var all = new PeerLegs(peer, status, answer);
        switch (status.state()) {
            case ESTABLISHED -> all.up();
            // Whether it is, its channel says.
            case UNKNOWN -> {}
            default -> all.down();
        }
        return all.legs;
    }

    /** Whether nothing at all is heard of the router, so that it is worth a look. */
    static boolean isMute(PeerStatus status) {
        return switch (status.state()) {
            case IDLE, CONNECT, ACTIVE -> lastWord(status).isEmpty();
            case UNKNOWN, OPEN_SENT, OPEN_CONFIRM, ESTABLISHED -> false;
        };
    }

    /** Why it is down, where one side has said so; what was said of an earlier session counts no more. */
    private static Optional<Notification> lastWord(PeerStatus status) {
        return status.lastNotification()
                .filter(said ->
                        status.reason().filter(why -> isAbout(why, said)).isPresent());
    }

    /** Our words for it begin a reason, or ExaBGP's have its numbers: "notification sent (2,2)". */
    private static boolean isAbout(String why, Notification said) {
        return why.startsWith(said.toString()) || why.contains("(" + said.code() + "," + said.subcode() + ")");
    }

    private void up() {
        legs.add(note("tcp").holds("port " + peer.peerPort() + " of " + peer.peerAddress() + " is connected"));
        legs.add(note("asn").holds(peer.peerAsn() + " there, " + peer.localAsn() + " here"));
        status.negotiated().ifPresent(agreed -> {
            legs.add(families(agreed));
            legs.add(note("hold time").holds(agreed.holdTime().toSeconds() + " s"));
        });
        if (peer.password().isPresent()) {
            legs.add(note("password").holds("both sides have the same"));
        }
        legs.add(routes());
    }

    private Leg families(Negotiated agreed) {
        var missing = new TreeSet<>(peer.families());
        missing.removeAll(agreed.families());
        String read = words(agreed);
        return missing.isEmpty()
                ? note("families").holds(read)
                : note("families")
                        .broken(
                                read,
                                peer.families().stream()
                                        .map(family -> family.afi())
                                        .collect(Collectors.joining(", ")),
                                "the router does not take the others in this session: it is not told their routes",
                                "enable them for neighbour " + peer.localAddress()
                                        + " at the router, or take them out of "
                                        + "spec.families of the CiliumBGPPeerConfig");
    }

    private static String words(Negotiated agreed) {
        var families = new TreeSet<>(agreed.families());
        return families.isEmpty()
                ? "none agreed on"
                : families.stream().map(family -> family.afi()).collect(Collectors.joining(", "));
    }

    /** How many there are changes too often for a status. What is read must not claim what a router does with them. */
    private Leg routes() {
        var refused = new TreeSet<>(status.refused().keySet());
        if (refused.isEmpty()) {
            return note("routes").holds("acknowledged by the speaker; the router was not asked whether it uses them");
        }
        var first = refused.first();
        return note("routes")
                .broken(
                        first + (refused.size() == 1 ? "" : " and others") + ": "
                                + status.refused().get(first),
                        "all routes to be told",
                        "they cannot be told in this session",
                        "tombolo bgp routes available --peer " + peer.id());
    }

    private void down() {
        lastWord(status).ifPresent(this::said);
        if (legs.isEmpty() && status.state() != SessionState.OPEN_SENT && status.state() != SessionState.OPEN_CONFIRM) {
            answer.ifPresent(this::answered);
        }
        if (legs.stream().allMatch(leg -> leg.state() == NodeLegs.State.Holds)) {
            legs.add(session());
        }
    }

    private void said(Notification last) {
        legs.add(note("tcp").holds("port " + peer.peerPort() + " of " + peer.peerAddress() + " is answered"));
        if (last.code() == OPEN_REFUSED) {
            open(last);
        } else if (last.code() == HOLD_TIMER) {
            legs.add(note("hold time")
                    .broken(
                            last.toString(),
                            "a message within " + peer.holdTime().toSeconds() + " s",
                            "packets are lost on the way, or one side is too slow for this hold time",
                            "look at the way to " + peer.peerAddress() + "; a longer one is "
                                    + "spec.timers.holdTimeSeconds of the CiliumBGPPeerConfig"));
        }
    }

    private void open(Notification last) {
        String neighbour = "neighbour " + peer.localAddress() + " at the router";
        switch (last.subcode()) {
            case 2 ->
                legs.add(note("asn")
                        .broken(
                                last.toString(),
                                "the router to have AS " + peer.peerAsn() + ", and to expect AS " + peer.localAsn()
                                        + " of " + peer.localAddress(),
                                "one side has another number than the other one was told",
                                "compare peerASN and localASN of the CiliumBGPClusterConfig with " + neighbour));
            case 3 ->
                legs.add(note("router id")
                        .broken(
                                last.toString(),
                                "a router ID that nobody else has",
                                peer.routerId() + " is the router's own, or another neighbour's",
                                "set routerID in a CiliumBGPNodeConfigOverride of this node"));
            case 6 ->
                legs.add(note("hold time")
                        .broken(
                                last.toString(),
                                "one that both sides take",
                                "one side does not take the " + peer.holdTime().toSeconds() + " s of the other",
                                "set spec.timers.holdTimeSeconds of the CiliumBGPPeerConfig to what the router takes"));
            case 7 ->
                legs.add(note("families")
                        .broken(
                                last.toString(),
                                peer.families().stream()
                                        .map(family -> family.afi())
                                        .collect(Collectors.joining(", ")),
                                "one side wants a capability, mostly a family, that the other does not have",
                                "compare spec.families of the CiliumBGPPeerConfig with " + neighbour));
            default -> {}
        }
    }

    private void answered(RouterAnswer seen) {
        String port = "port " + peer.peerPort() + " of " + peer.peerAddress();
        String from = " for " + peer.localAddress();
        switch (seen) {
            case RouterAnswer.Refused() ->
                legs.add(note("tcp")
                        .broken(
                                port + " refuses connections",
                                "a router that listens there" + from,
                                "no BGP runs there, or it is not for this node",
                                "start it, or correct peerAddress or transport.peerPort"));
            case RouterAnswer.NoWay(var why) ->
                legs.add(note("tcp")
                        .broken(
                                port + " cannot be reached: " + why,
                                "a way to it from " + peer.localAddress(),
                                "the node has no route to it, or the next hop does not answer",
                                "ip route get " + peer.peerAddress() + " from " + peer.localAddress()
                                        + " on the node"));
            case RouterAnswer.Silent() -> silent(port);
            case RouterAnswer.Taken() -> taken(port);
        }
    }

    /** A connection without a password, which this is, is not answered by a router that wants one. */
    private void silent(String port) {
        legs.add(
                peer.password().isPresent()
                        ? note("tcp")
                                .unknown(
                                        port + " does not answer; this look had no password",
                                        "an answer to the session, which has one",
                                        "the router may have another password, or be out of reach, or a firewall is"
                                                + " between",
                                        "compare the password at the router, then ping " + peer.peerAddress()
                                                + " from the node")
                        : note("tcp")
                                .broken(
                                        port + " does not answer",
                                        "a router that listens there",
                                        "it is out of reach, a firewall is between, or it expects a password (TCP MD5)",
                                        "ping " + peer.peerAddress()
                                                + " from the node; look for a password at the router"));
    }

    private void taken(String port) {
        legs.add(note("tcp").holds(port + " takes connections"));
        if (peer.password().isPresent()) {
            legs.add(note("password")
                    .unknown(
                            "a connection without the password is taken, the session with it is not up",
                            "the router to have the same password for " + peer.localAddress(),
                            "it may have none for this node: such a router does not answer a signed connection",
                            "compare the password at the router with the Secret of spec.authSecretRef"));
        }
    }

    private Leg session() {
        String expected = "a session with " + peer.peerAddress() + " from " + peer.localAddress();
        return status.reason()
                .map(why -> note("session")
                        .broken(
                                why,
                                expected,
                                "the router has ended or refuses it",
                                "see that it has " + peer.localAddress() + " with AS " + peer.localAsn()
                                        + " for a neighbour"))
                .orElseGet(
                        () -> note("session").unknown("it is being tried", expected, "it has just begun", "ask again"));
    }

    private BgpNote note(String leg) {
        return BgpNote.of(leg, peer.id());
    }
}
