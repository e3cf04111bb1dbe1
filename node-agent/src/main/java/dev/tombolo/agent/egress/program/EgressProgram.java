package dev.tombolo.agent.egress.program;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressNumbers;
import dev.tombolo.egress.plan.EgressRows;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.GroupKey;
import dev.tombolo.egress.plan.Standbys;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the cluster's policies come to; every node makes the same of them, but for the numbers.
 *
 * @param versions of the policies that it was made from
 * @param leaving gateways that no group names any more and that still carry connections, by when they were left
 */
public record EgressProgram(
        EgressState state,
        Map<String, EgressPolicyObject.Version> versions,
        EgressDecisions decisions,
        EgressNumbers numbers,
        EgressRows rows,
        Map<NodeId, Long> leaving) {
    private static final int ASKED_BY_A_GATEWAY = 2;

    /** Without gateways that are being left. */
    public EgressProgram(
            EgressState state,
            Map<String, EgressPolicyObject.Version> versions,
            EgressDecisions decisions,
            EgressNumbers numbers,
            EgressRows rows) {
        this(state, versions, decisions, numbers, rows, Map.of());
    }

    /** Whether a node carries packets of any group. */
    public boolean isGateway(NodeId node) {
        return rows.groups().values().stream().anyMatch(group -> group.shares().containsKey(node));
    }

    /** Whether a node has to be ready to carry packets of any group at once. */
    public boolean standsBy(NodeId node) {
        return isGateway(node)
                || leaving.containsKey(node)
                || Standbys.of(state, decisions).values().stream().anyMatch(asked -> asked.contains(node));
    }

    /** The addresses that float and that a policy uses. */
    public Set<IpAddress> floating() {
        var floating = new HashSet<>(decisions.holders().keySet());
        Standbys.floating(state, decisions).forEach(group -> {
            if (group.gateway().address() instanceof EgressAddress.Fixed(var address)) {
                floating.add(address);
            }
        });
        return floating;
    }

    /** The nodes that may hold an address that floats. */
    public Set<NodeId> floatingCandidates() {
        return Standbys.floating(state, decisions).stream()
                .flatMap(group -> decisions.gateways().get(group).candidates().stream())
                .collect(Collectors.toSet());
    }

    /** The groups whose address floats: flows go where that goes. */
    public Set<GroupId> floatingGroups() {
        var known = numbers.groups().numbers();
        return Standbys.floating(state, decisions).stream()
                .map(group -> known.get(group.toString()))
                .filter(Objects::nonNull)
                .map(GroupId::new)
                .collect(Collectors.toSet());
    }

    /** The pool that has an address: the first by rank. */
    public Optional<String> poolOf(IpAddress address) {
        return state.pools().stream()
                .filter(pool -> pool.contains(address))
                .min(EgressPool.RANK)
                .map(EgressPool::name);
    }

    /** Of the owner of an address; rises with every one. */
    public OptionalLong epochOf(IpAddress address) {
        var owner = state.owners().get(address);
        return owner == null ? OptionalLong.empty() : OptionalLong.of(owner.epoch());
    }

    /** Whether a node does not have to leave the address to another one. */
    public boolean mayUse(NodeId node, EgressAddress address) {
        if (!(address instanceof EgressAddress.Fixed(var fixed)) || !floating().contains(fixed)) {
            return true;
        }
        var owner = state.owners().get(fixed);
        return owner == null || owner.node().equals(node);
    }

    /**
     * The gateways that a node asks whether they answer: those of its pods' policies, and those whose address it could take.
     * Other gateways of a group ask too, so that not only the nodes of pods are believed; each a few, as each costs a device.
     */
    public Set<NodeId> askedBy(NodeId node) {
        var sends = groupsOf(node);
        var floating = Standbys.floating(state, decisions);
        var asked = new HashSet<NodeId>();
        Standbys.of(state, decisions).forEach((group, nodes) -> {
            boolean mayTake = floating.contains(group)
                    && decisions.gateways().get(group).candidates().contains(node);
            asked.addAll(sends.contains(group) || mayTake ? nodes : after(node, nodes));
        });
        asked.remove(node);
        return asked;
    }

    /** The next ones in a ring; none for a node that is not in it. */
    private static List<NodeId> after(NodeId node, List<NodeId> nodes) {
        var ring = nodes.stream().sorted().toList();
        int place = ring.indexOf(node);
        return place < 0
                ? List.of()
                : IntStream.rangeClosed(1, ASKED_BY_A_GATEWAY)
                        .mapToObj(step -> ring.get((place + step) % ring.size()))
                        .toList();
    }

    /** Whether a policy's pods would be sent to another gateway if theirs did not answer. */
    public boolean mayChooseAnother(String policy) {
        return candidatesOf(policy).distinct().count() > 1
                && decisions.policies().stream()
                        .anyMatch(known -> known.name().equals(policy)
                                && known.preferences().failover());
    }

    /** The gateways that a policy's pods would be sent to if they answered. */
    public Set<NodeId> outOf(String policy) {
        return candidatesOf(policy)
                .filter(node -> state.healthOf(node) == GatewayHealth.DEAD)
                .collect(Collectors.toSet());
    }

    private Stream<NodeId> candidatesOf(String policy) {
        return decisions.policies().stream()
                .filter(known -> known.name().equals(policy))
                .flatMap(known -> Standbys.groups(state, decisions, known).stream())
                .flatMap(group -> decisions.gateways().get(group).candidates().stream());
    }

    /** The groups of the policies that select pods of a node. */
    private Set<GroupKey> groupsOf(NodeId node) {
        var sets = setsOn(node);
        var names = rows.rules().entrySet().stream()
                .filter(rule -> sets.contains(rule.getKey().set()))
                .map(rule -> rule.getValue().policy())
                .collect(Collectors.toSet());
        return decisions.policies().stream()
                .filter(policy -> names.contains(policy.name()))
                .flatMap(policy -> Standbys.groups(state, decisions, policy).stream())
                .collect(Collectors.toSet());
    }

    /** Pods with an address of their own on a node. */
    public Stream<EgressPod> podsOn(NodeId node) {
        return node.cluster().equals(state.self()) ? state.podsOn(node.name()) : Stream.empty();
    }

    /** The sets that a pod is in. */
    public Set<SetId> setIds() {
        return decisions.sets().keySet().stream()
                .map(set -> new SetId(numbers.sets().of(set.toString())))
                .collect(Collectors.toSet());
    }

    /** The sets of a node's pods. */
    public Set<SetId> setsOn(NodeId node) {
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
    public Set<NodeId> gatewaysOf(Set<SetId> sets) {
        var nodes = new HashSet<NodeId>();
        rows.rules().forEach((key, rule) -> {
            if (sets.contains(key.set()) && rule instanceof EgressRows.Rule.ToGroup to) {
                nodes.addAll(rows.groups().get(to.group()).shares().keySet());
            }
        });
        return nodes;
    }

    /** Also of one that is being left. */
    public int gatewayNumber(NodeId node) {
        return numbers.gateways().find(node.toString()).orElseThrow();
    }

    /** The same, with gateways that are being left, by when they were. */
    public EgressProgram leaving(Map<NodeId, Long> gateways) {
        return new EgressProgram(state, versions, decisions, numbers, rows, Map.copyOf(gateways));
    }
}
