package dev.tombolo.agent.egress;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressRows;
import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the cluster's policies come to; every node makes the same of them, but for the numbers.
 *
 * @param versions of the policies that it was made from
 */
record EgressProgram(
        EgressState state,
        Map<String, EgressPolicyObject.Version> versions,
        EgressDecisions decisions,
        EgressNumbers numbers,
        EgressRows rows) {
    /** Whether a node carries packets of any group. */
    boolean isGateway(NodeId node) {
        return rows.groups().values().stream().anyMatch(group -> group.shares().containsKey(node));
    }

    /** Pods with an address of their own on a node. */
    Stream<EgressPod> podsOn(NodeId node) {
        return state.pods().stream()
                .filter(pod -> !pod.hostNetwork() && pod.node().equals(node.name()))
                .filter(_ -> node.cluster().equals(state.self()));
    }

    /** The sets of a node's pods. */
    Set<SetId> setsOn(NodeId node) {
        var sets = new HashSet<SetId>();
        podsOn(node).flatMap(pod -> pod.addresses().stream()).forEach(address -> set(address, sets));
        return sets;
    }

    private void set(IpAddress address, Set<SetId> sets) {
        var set = rows.sources().get(address);
        if (set != null) {
            sets.add(set);
        }
    }

    /** The gateways that pods of these sets are sent to. */
    Set<NodeId> gatewaysOf(Set<SetId> sets) {
        var nodes = new HashSet<NodeId>();
        rows.rules().forEach((key, rule) -> {
            if (sets.contains(key.set()) && rule instanceof EgressRows.Rule.ToGroup to) {
                nodes.addAll(rows.groups().get(to.group()).shares().keySet());
            }
        });
        return nodes;
    }

    int gatewayNumber(NodeId node) {
        return numbers.gateways().of(node.toString());
    }
}
