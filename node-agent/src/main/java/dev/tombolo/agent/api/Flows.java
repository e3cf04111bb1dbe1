package dev.tombolo.agent.api;

import dev.tombolo.egress.flow.EgressFlow;
import java.time.Duration;
import java.util.List;

/** The last flows of this node, each with a number that grows by one. A slow reader misses some. */
public interface Flows {
    /**
     * What a reader gets.
     *
     * @param next to ask with the next time
     * @param missed flows that were gone before the reader came
     */
    record Part(List<EgressFlow> flows, long next, long missed) {}

    /** The number of the oldest flow that is still known. */
    long oldest();

    /** The flows from that number on; none at once if there are none. */
    Part from(long number);

    /** Returns when there is a flow of that number, or after that time. */
    void await(long number, Duration longest) throws InterruptedException;
}
