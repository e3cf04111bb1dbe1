package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.speaker.Negotiated;
import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.PeerStatus;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What one session needs. One that is up proves most of it; one that is down is told by what was heard last. */
final class PeerLegs {
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
        String read = agreed.families().isEmpty() ? "none agreed on" : words(new TreeSet<>(agreed.families()));
        return missing.isEmpty()
                ? note("families").holds(read)
                : note("families")
                        .broken(
                                read,
                                words(peer.families()),
                                "the router does not take the others in this session: it is not told their routes",
                                "enable them for neighbour " + peer.localAddress()
                                        + " at the router, or take them out of "
                                        + "spec.families of the CiliumBGPPeerConfig");
    }

    static String words(SortedSet<BgpFamily> families) {
        return families.stream().map(BgpFamily::afi).collect(Collectors.joining(", "));
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
        lastWord(status).ifPresent(said -> legs.addAll(NotificationLegs.of(peer, said)));
        if (legs.isEmpty() && status.state() != SessionState.OPEN_SENT && status.state() != SessionState.OPEN_CONFIRM) {
            answer.ifPresent(seen -> legs.addAll(AnswerLegs.of(peer, seen)));
        }
        if (legs.stream().allMatch(leg -> leg.state() == NodeLegs.State.Holds)) {
            legs.add(session());
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
