package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.Notification.Direction;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.model.bgp.BgpPeer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a session ended or did not come up, from ExaBGP's words to ones for a person.
 *
 * @param weight how much it says
 */
record DownReason(String words, Weight weight) {
    /** {@code notification sent (2,2): OPEN message error / Bad Peer AS / what exactly}. */
    private static final Pattern NOTIFIED =
            Pattern.compile("notification (sent|received) \\((\\d+),(\\d+)\\)(?:: [^/]* / [^/]*(?: / (.*))?)?");

    private static final String CLOSED = "the TCP connection was closed by the remote end";

    enum Weight {
        /** That an attempt came to nothing. */
        ATTEMPT,
        CAUSE,
        NOTIFICATION
    }

    /** @param left the state before it was down */
    static DownReason of(String said, SessionState left, Optional<BgpPeer> peer) {
        var notified = NOTIFIED.matcher(said);
        if (notified.matches()) {
            var side = notified.group(1).equals("sent") ? Direction.SENT : Direction.RECEIVED;
            int code = Integer.parseInt(notified.group(2));
            int subcode = Integer.parseInt(notified.group(3));
            String detail = Optional.ofNullable(notified.group(4))
                    .map(text -> ": " + text.replace("can not decode update message", "no sense in a message"))
                    .orElse("");
            return new DownReason(new Notification(side, code, subcode) + detail, Weight.NOTIFICATION);
        }
        // To ExaBGP every attempt to connect is a success at first.
        if (said.contains("Broken TCP") && left == SessionState.CONNECT) {
            String where = peer.map(router -> " to " + router.peerAddress() + " port " + router.peerPort())
                    .orElse("");
            return new DownReason("no connection" + where + ": refused, or unreachable", Weight.CAUSE);
        }
        if (said.contains(CLOSED) && left == SessionState.OPEN_SENT) {
            return new DownReason(
                    "the router ends the connection before it says who it is: it may not have this node as a neighbour",
                    Weight.ATTEMPT);
        }
        if (said.contains(CLOSED)) {
            return new DownReason("the router has closed the connection", Weight.ATTEMPT);
        }
        return said.isBlank()
                ? new DownReason("ended by ExaBGP, which does not say why", Weight.ATTEMPT)
                : new DownReason(said, said.contains("Broken TCP") ? Weight.ATTEMPT : Weight.CAUSE);
    }
}
