package dev.tombolo.agent.bgp;

import dev.tombolo.model.bgp.PeerId;
import java.time.Duration;

/** Takes how long what routers are told took; called by threads that must not wait. */
public interface BgpTimes {
    /** From a change seen outside to the acknowledgement that a route is withdrawn from a router. */
    void withdrawn(PeerId peer, Duration time);

    /** From the last that BFD heard of a router to giving it up. */
    void detected(PeerId peer, Duration time);
}
