package dev.tombolo.agent.egress;

import dev.tombolo.agent.egress.neighbour.Neighbours;
import dev.tombolo.agent.egress.program.EgressProgram;
import dev.tombolo.agent.path.TunnelPeer;
import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressPlan;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.PeerRequests;
import dev.tombolo.egress.plan.PeerRequestsPlan;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.net.SocketEndpoint;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The cluster of {@link TwoNodes}, called east, seen from both sides: as one whose policy names gateways of the cluster
 * {@code gates}, and as one that serves a pod of the cluster west.
 */
public final class Across {
    public static final ClusterName WEST = new ClusterName("west");
    public static final NodeId POD_NODE = TwoNodes.NODE1;
    public static final NodeId GATE = new NodeId(new ClusterName("gates"), "gate1");
    public static final IpAddress FOREIGN_POD = IpAddress.parse("10.2.1.7");

    /** What east knows of gates. */
    public static final Neighbours EAST = new Neighbours(
            List.of(),
            List.of(new EgressNode(GATE, Map.of("egress", "yes"), true, false)),
            Map.of(TwoNodes.key(9), peer(GATE, "192.0.2.1:51871", "10.9.1.0/24")));

    /** What east knows of west. */
    public static final Neighbours WEST_IS_SERVED = new Neighbours(
            List.of(PeerRequests.of(WEST, List.of(asked()), Map.of(FOREIGN_POD, Map.of("billing", 0)))),
            List.of(),
            Map.of(TwoNodes.key(8), peer(new NodeId(WEST, "node1"), "192.0.2.2:51871", "10.2.1.0/24")));

    private final TwoNodes cluster = new TwoNodes();

    private static TunnelPeer peer(NodeId node, String endpoint, String pods) {
        return new TunnelPeer(node, SocketEndpoint.parse(endpoint), Set.of(Prefix.parse(pods)));
    }

    private static EgressPolicy asked() {
        return TwoNodes.policy("billing", TwoNodes.EGRESS, Prefix.parse("203.0.113.0/24"))
                .reading()
                .policy()
                .orElseThrow();
    }

    /** Pods of east leave through gates. */
    public EgressProgram asking() {
        cluster.policies.replaceAll(policy -> new EgressPolicyObject(
                policy.name(),
                policy.uid(),
                policy.generation(),
                policy.created(),
                Map.of("egress.tombolo.dev/cluster", "gates"),
                policy.spec(),
                null));
        var state = EgressState.of(
                TwoNodes.CLUSTER,
                cluster.policies.stream().map(EgressPolicyObject::reading).toList(),
                cluster.pods,
                Map.of(),
                Stream.concat(
                                cluster.nodes.stream().map(node -> node.egressNode(TwoNodes.CLUSTER)),
                                EAST.offered().stream())
                        .toList());
        return program(state, EgressPlan.decide(state));
    }

    /** A pod of west leaves through east, whose own policy is in force too. */
    public EgressProgram serving() {
        var state = cluster.state();
        return program(state, PeerRequestsPlan.join(state, EgressPlan.decide(state), WEST_IS_SERVED.requests()));
    }

    private EgressProgram program(EgressState state, EgressDecisions decisions) {
        var numbers = EgressNumbers.NONE.next(state, decisions, EgressNumbers.InUse.NOTHING);
        return new EgressProgram(state, cluster.versions(), decisions, numbers, EgressPlan.rows(decisions, numbers));
    }
}
