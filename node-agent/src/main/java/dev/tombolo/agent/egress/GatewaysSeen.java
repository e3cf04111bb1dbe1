package dev.tombolo.agent.egress;

import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * What this node sees of the gateways that it asks.
 *
 * @param connected whether it can tell others, and hears them
 * @param answers whether a gateway answers; one that never did is missing until it has been asked for long
 */
record GatewaysSeen(boolean connected, Map<NodeId, Boolean> answers) {
    GatewaysSeen {
        answers = Map.copyOf(answers);
    }

    /** With what is seen of more gateways. */
    GatewaysSeen and(Map<NodeId, Boolean> more) {
        var all = new HashMap<>(more);
        all.putAll(answers);
        return new GatewaysSeen(connected, all);
    }
}
