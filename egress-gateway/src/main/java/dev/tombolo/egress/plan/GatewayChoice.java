package dev.tombolo.egress.plan;

import dev.tombolo.model.node.NodeId;
import java.util.List;

/** Which gateways a group has now, or why it has none; {@code candidates} are the nodes its selector names. */
public sealed interface GatewayChoice {
    List<NodeId> candidates();

    /** There is at least one; where all are called dead, they serve as if nobody had said so. */
    record Serving(List<NodeId> candidates, GatewayGroup group) implements GatewayChoice {
        /** Whether any of them is not called dead. */
        public boolean anyAnswers(EgressState state) {
            return group.shares().keySet().stream().anyMatch(node -> state.healthOf(node) != GatewayHealth.DEAD);
        }
    }

    /** There is none: what its pods send is dropped. */
    record None(List<NodeId> candidates, Cause cause, String message) implements GatewayChoice {}

    /** Why there is no gateway; the names are reasons in a status. */
    enum Cause {
        NoNodeMatches,
        AllGatewaysDead,
        FailoverOff,
        AddressElsewhere,
        NodesFull,
        PoolExhausted,
        NoSuchPool
    }
}
