package dev.tombolo.agent.egress;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressRows;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.Standbys;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the cluster's policies come to; every node makes the same of them, but for the numbers.
 *
 * @param versions of the policies that it was made from
 * @param leaving gateways that no group names any more and that still carry connections, by when they were left
 */
record EgressProgram(
        EgressState state,
        Map<String, EgressPolicyObject.Version> versions,
        EgressDecisions decisions,
        EgressNumbers numbers,
        EgressRows rows,
        Map<NodeId, Long> leaving) {
    /** Without gateways that are being left. */
    EgressProgram(
            EgressState state,
            Map<String, EgressPolicyObject.Version> versions,
            EgressDecisions decisions,
            EgressNumbers numbers,
            EgressRows rows) {
        this(state, versions, decisions, numbers, rows, Map.of());
    }

    /** Whether a node carries packets of any group. */
    boolean isGateway(NodeId node) {
        return rows.groups().values().stream().anyMatch(group -> group.shares().containsKey(node));
    }

    /** Whether a node has to be ready to carry packets of any group at once. */
    boolean standsBy(NodeId node) {
        return isGateway(node)
                || leaving.containsKey(node)
                || Standbys.of(state, decisions).values().stream().anyMatch(asked -> asked.contains(node));
    }

    /** The addresses that float and that a policy uses. */
    Set<IpAddress> floating() {
        var floating = new HashSet<>(decisions.holders().keySet());
        Standbys.of(state, decisions).keySet().forEach(group -> {
            if (group.gateway().address() instanceof EgressAddress.Fixed(var address)) {
                floating.add(address);
            }
        });
        return floating;
    }

    /** The nodes that may hold an address that floats. */
    Set<NodeId> floatingCandidates() {
        return Standbys.of(state, decisions).keySet().stream()
                .flatMap(group -> decisions.gateways().get(group).candidates().stream())
                .collect(Collectors.toSet());
    }

    /** The groups whose address floats: flows go where that goes. */
    Set<GroupId> floatingGroups() {
        var known = numbers.groups().numbers();
        return Standbys.of(state, decisions).keySet().stream()
                .map(group -> known.get(group.toString()))
                .filter(Objects::nonNull)
                .map(GroupId::new)
                .collect(Collectors.toSet());
    }

    /** Whether a node does not have to leave the address to another one. */
    boolean mayUse(NodeId node, EgressAddress address) {
        if (!(address instanceof EgressAddress.Fixed(var fixed)) || !floating().contains(fixed)) {
            return true;
        }
        var owner = state.owners().get(fixed);
        return owner == null || owner.node().equals(node);
    }

    /** The gateways that a node asks whether they answer: of those groups that its pods use, or that it could carry. */
    Set<NodeId> askedBy(NodeId node) {
        var sets = setsOn(node);
        var used = new HashSet<GroupId>();
        rows.rules().forEach((key, rule) -> {
            if (sets.contains(key.set()) && rule instanceof EgressRows.Rule.ToGroup to) {
                used.add(to.group());
            }
        });
        var asked = new HashSet<NodeId>();
        Standbys.of(state, decisions).forEach((group, nodes) -> {
            Integer number = numbers.groups().numbers().get(group.toString());
            boolean sends = number != null && used.contains(new GroupId(number));
            if (sends || decisions.gateways().get(group).candidates().contains(node)) {
                asked.addAll(nodes);
            }
        });
        asked.remove(node);
        return asked;
    }

    /** Pods with an address of their own on a node. */
    Stream<EgressPod> podsOn(NodeId node) {
        return node.cluster().equals(state.self()) ? state.podsOn(node.name()) : Stream.empty();
    }

    /** The sets that a pod is in. */
    Set<SetId> setIds() {
        return decisions.sets().keySet().stream()
                .map(set -> new SetId(numbers.sets().of(set.toString())))
                .collect(Collectors.toSet());
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

    /** Also of one that is being left. */
    int gatewayNumber(NodeId node) {
        return numbers.gateways().find(node.toString()).orElseThrow();
    }

    EgressProgram leaving(Map<NodeId, Long> gateways) {
        return new EgressProgram(state, versions, decisions, numbers, rows, Map.copyOf(gateways));
    }
}
