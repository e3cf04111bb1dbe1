package dev.tombolo.egress.report;

import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a policy has come to. */
public record PolicyStatus(int selectedPods, List<GatewayUse> gateways, List<PolicyCondition> conditions) {
    public PolicyStatus {
        gateways = List.copyOf(gateways);
        conditions = List.copyOf(conditions);
    }

    /**
     * A gateway.
     *
     * @param share how many of the 64 parts of its group's pods it has; 0 where it is left out because it does not answer
     * @param owner where the address floats, the node that owns it now; another one than the gateway while it moves
     */
    public record GatewayUse(NodeId node, String zone, EgressAddress address, int share, Optional<NodeId> owner) {}

    /**
     * How far the nodes are with a policy, as they report.
     *
     * @param nodes how many have to do something for it
     * @param done how many of them do
     * @param waiting those that have not said so yet
     * @param silent those that have not been heard of lately, whatever they said before
     * @param saturated what is or will soon be exhausted on its gateways, each with the gateway
     */
    public record Programming(
            int nodes,
            int done,
            Optional<String> problem,
            List<String> waiting,
            List<String> silent,
            List<String> saturated) {
        public Programming {
            waiting = List.copyOf(waiting);
            silent = List.copyOf(silent);
            saturated = List.copyOf(saturated);
        }

        /** With gateways that have enough of everything. */
        public Programming(int nodes, int done, Optional<String> problem, List<String> waiting, List<String> silent) {
            this(nodes, done, problem, waiting, silent, List.of());
        }
    }

    public PolicyCondition condition(PolicyCondition.Type type) {
        return conditions.stream()
                .filter(condition -> condition.type() == type)
                .findFirst()
                .orElseThrow();
    }

    /** The gateways in one line. */
    public String gatewayNames() {
        return serving().map(use -> use.node().name()).distinct().collect(Collectors.joining(", "));
    }

    /** What is seen of them outside, in one line. */
    public String egressIps() {
        return serving().map(use -> use.address().toString()).distinct().collect(Collectors.joining(", "));
    }

    private Stream<GatewayUse> serving() {
        return gateways.stream().filter(use -> use.share() > 0);
    }
}
