package dev.tombolo.bgp.speaker;

import dev.tombolo.model.net.Prefix;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A session and its routes as they are.
 *
 * @param since of this state
 * @param reason why the session is not up, as far as it is known
 * @param ends how often a session that was up ended, since this process began
 * @param wanted routes that are put
 * @param told routes that the program that speaks has acknowledged
 * @param pending routes that are to be told, changed or withdrawn yet
 * @param refused routes that are not told, and why
 * @param endOfRib told in this session
 */
public record PeerStatus(
        SessionState state,
        Instant since,
        Optional<String> reason,
        Optional<Notification> lastNotification,
        Optional<Negotiated> negotiated,
        Map<SessionEnd, Integer> ends,
        int wanted,
        int told,
        int pending,
        Map<Prefix, String> refused,
        boolean endOfRib) {
    public PeerStatus {
        ends = Map.copyOf(ends);
        refused = Map.copyOf(refused);
    }

    public int flaps() {
        return ends.values().stream().mapToInt(Integer::intValue).sum();
    }
}
