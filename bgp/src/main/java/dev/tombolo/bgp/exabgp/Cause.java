package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.exabgp.DownReason.Weight;
import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.Notification.Direction;
import dev.tombolo.bgp.speaker.SessionState;
import dev.tombolo.model.bgp.BgpPeer;
import java.util.Optional;

/** Why a session is not up, as far as it is known: the attempts after its end say less of it than the end. */
final class Cause {
    private Optional<String> words = Optional.empty();
    /** How attempts after a NOTIFICATION have ended, where that says more. */
    private Optional<String> since = Optional.empty();

    private Optional<Notification> last = Optional.empty();
    private boolean notified;
    /** The router has ended it, and nothing was tried since. */
    private boolean dismissed;

    /** False if it is none of its own: in answer to another one, ExaBGP only says that it did not understand it. */
    boolean hear(Notification notification, String text) {
        if (dismissed && notification.direction() == Direction.SENT) {
            return false;
        }
        dismissed = notification.direction() == Direction.RECEIVED;
        notified = true;
        last = Optional.of(notification);
        since = Optional.empty();
        words = Optional.of(notification + (text.isEmpty() ? "" : ": " + text));
        return true;
    }

    /** The session has ended, or an attempt at one; returns why it is not up. */
    String end(String said, SessionState left, Optional<BgpPeer> peer) {
        var reason = DownReason.of(said, left, peer);
        if (dismissed || notified && reason.weight() == Weight.ATTEMPT) {
            return words.orElseThrow();
        }
        if (notified && reason.weight() != Weight.NOTIFICATION) {
            since = Optional.of(reason.words());
        } else {
            words = Optional.of(reason.words());
            since = Optional.empty();
            notified = reason.weight() == Weight.NOTIFICATION;
        }
        return reason.words();
    }

    void begin() {
        dismissed = false;
    }

    void clear() {
        words = Optional.empty();
        since = Optional.empty();
        notified = false;
        dismissed = false;
    }

    /** @param waiting what there is to say of an attempt that has not ended */
    Optional<String> words(Optional<String> waiting) {
        var latest = waiting.or(() -> since);
        return notified
                ? words.map(first -> first + latest.map("; now "::concat).orElse(""))
                : latest.or(() -> words);
    }

    /** Whatever came after it. */
    Optional<Notification> lastNotification() {
        return last;
    }
}
