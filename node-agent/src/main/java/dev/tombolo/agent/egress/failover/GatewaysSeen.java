package dev.tombolo.agent.egress.failover;

import dev.tombolo.model.egress.GatewayVote.Answer;
import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * What this node sees of the gateways that it asks.
 *
 * @param connected whether it can tell others, and hears them
 * @param answers whether a gateway answers; one that never did is missing until it has been asked for long
 * @param sizes the largest packet to a gateway, where that is less than its carrier takes
 */
public record GatewaysSeen(boolean connected, Map<NodeId, Boolean> answers, Map<NodeId, Integer> sizes) {
    public GatewaysSeen {
        answers = Map.copyOf(answers);
        sizes = Map.copyOf(sizes);
    }

    /** While nothing is known of how large packets may be. */
    public GatewaysSeen(boolean connected, Map<NodeId, Boolean> answers) {
        this(connected, answers, Map.of());
    }

    /** Whether those answer of which that is known; one that is asked for the first time may be about to. */
    public static Map<NodeId, Boolean> answers(Map<NodeId, Answer> heard) {
        var answers = new HashMap<NodeId, Boolean>();
        heard.forEach((gateway, answer) -> {
            if (answer != Answer.ASKED) {
                answers.put(gateway, answer == Answer.ANSWERS);
            }
        });
        return answers;
    }

    /** The same, with what was measured of the ways to them. */
    public GatewaysSeen withSizes(Map<NodeId, Integer> measured) {
        return new GatewaysSeen(connected, answers, measured);
    }
}
