package dev.tombolo.bgp.exabgp;

import dev.tombolo.bgp.speaker.Notification;
import dev.tombolo.bgp.speaker.SessionEnd;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** How often the session of one peer ended, and why. */
final class SessionEnds {
    private final Map<SessionEnd, Integer> counted = new EnumMap<>(SessionEnd.class);
    private Optional<Notification> said = Optional.empty();
    private boolean unseen;

    /** What was said before is about another one. */
    void began() {
        said = Optional.empty();
        unseen = false;
    }

    void heard(Notification notification) {
        said = Optional.of(notification);
    }

    void ended() {
        count(said.map(SessionEnd::of).orElse(SessionEnd.CONNECTION));
        said = Optional.empty();
    }

    /** It was up when nobody could say any more how it was. */
    void outOfSight() {
        unseen = true;
    }

    /** It is seen again, and not up. */
    void missing() {
        if (unseen) {
            count(SessionEnd.SPEAKER);
            unseen = false;
        }
    }

    private void count(SessionEnd why) {
        counted.merge(why, 1, Integer::sum);
    }

    Map<SessionEnd, Integer> counted() {
        return counted;
    }
}
