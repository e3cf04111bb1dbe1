package dev.tombolo.bgp.bfd;

import dev.tombolo.bgp.bfd.protocol.Drop;
import java.time.Duration;
import java.util.Map;

/**
 * Of all sessions, since the process began.
 *
 * @param drops datagrams that were not taken
 * @param worstLateness of a timer: what comes near the detection time will be taken for a loss
 */
public record DetectorCounts(Map<Drop, Long> drops, Duration worstLateness) {
    static final DetectorCounts NONE = new DetectorCounts(Map.of(), Duration.ZERO);

    public DetectorCounts {
        drops = Map.copyOf(drops);
    }
}
