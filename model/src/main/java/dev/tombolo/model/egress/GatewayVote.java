package dev.tombolo.model.egress;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.node.NodeId;

/**
 * What one node says of a gateway's data path.
 *
 * @param gateway a node of the prober's cluster; of another one {@code node@cluster}
 */
public record GatewayVote(String gateway, String prober, Answer answer) {
    public static GatewayVote of(NodeId gateway, NodeId prober, Answer answer) {
        boolean near = gateway.cluster().equals(prober.cluster());
        return new GatewayVote(near ? gateway.name() : gateway.toString(), prober.name(), answer);
    }

    /** @param own the prober's cluster */
    public NodeId gatewayOf(ClusterName own) {
        int at = gateway.indexOf('@');
        return at < 0
                ? new NodeId(own, gateway)
                : new NodeId(new ClusterName(gateway.substring(at + 1)), gateway.substring(0, at));
    }

    /** Whether a gateway answers who asks it. */
    public enum Answer {
        ANSWERS,
        /** It did, and does not any more. */
        SILENT,
        /** It never did, and has not been asked for long. */
        ASKED,
        /** It never did, and has been asked for long. */
        NEVER;

        /** Whether there was an answer ever. */
        public boolean wasHeard() {
            return this == ANSWERS || this == SILENT;
        }
    }
}
