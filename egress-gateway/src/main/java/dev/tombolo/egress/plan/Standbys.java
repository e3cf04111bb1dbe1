package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.node.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The nodes of each group that are asked whether they answer: its gateways, those that are out because they do not, and a
 * few that could take over. More would cost every node a device each.
 */
public final class Standbys {
    /** Of an address that floats, because who takes it over has to be sure of its health. */
    private static final int MOST_OF_FLOATING = 2;

    private static final int MOST = 1;

    private static final Set<GatewayHealth> OUT =
            Set.of(GatewayHealth.DEAD, GatewayHealth.ACCUSED, GatewayHealth.UNHEARD);

    private final EgressState state;
    private final EgressDecisions decisions;

    private Standbys(EgressState state, EgressDecisions decisions) {
        this.state = state;
        this.decisions = decisions;
    }

    /**
     * Gateways and standbys by group: of groups whose address floats, used or not, and of those of policies that select a
     * pod. The decisions were made from the state.
     */
    public static Map<GroupKey, List<NodeId>> of(EgressState state, EgressDecisions decisions) {
        var standbys = new Standbys(state, decisions);
        var floating = floating(state, decisions);
        var asked = new HashMap<GroupKey, List<NodeId>>();
        floating.forEach(key -> asked.put(key, standbys.asked(key, MOST_OF_FLOATING)));
        standbys.selecting()
                .flatMap(policy -> groups(state, decisions, policy).stream())
                .forEach(key -> asked.computeIfAbsent(key, _ -> standbys.asked(key, MOST)));
        return asked;
    }

    /** The groups whose address floats: it moves, and its flows with it. */
    public static Set<GroupKey> floating(EgressState state, EgressDecisions decisions) {
        var pools = RankedPools.of(state.pools());
        return decisions.gateways().keySet().stream()
                .filter(key -> key.cluster().equals(state.self()))
                .filter(key -> key.gateway().address() instanceof EgressAddress.Fixed(var address)
                        && pools.of(address).isPresent())
                .collect(Collectors.toSet());
    }

    /** The groups that pods of a policy may be sent to, or were while their gateways answered. */
    public static Set<GroupKey> groups(EgressState state, EgressDecisions decisions, EgressPolicy policy) {
        var groups = new HashSet<GroupKey>();
        for (int entry = 0; entry < policy.gateways().size(); entry++) {
            for (String zone : zones(state, policy)) {
                groups.add(GroupKey.of(policy, entry, zone, state.self()));
            }
        }
        groups.retainAll(decisions.gateways().keySet());
        return groups;
    }

    private static Collection<String> zones(EgressState state, EgressPolicy policy) {
        var zones =
                policy.preferences().sameZone() ? state.nodes().stream().map(EgressNode::zone) : Stream.<String>of();
        return Stream.concat(Stream.of(""), zones).collect(Collectors.toSet());
    }

    /** All of them, by the texts that numbers are given to. */
    static Set<String> nodes(EgressState state, EgressDecisions decisions) {
        return of(state, decisions).values().stream()
                .flatMap(List::stream)
                .map(NodeId::toString)
                .collect(Collectors.toSet());
    }

    private Stream<EgressPolicy> selecting() {
        var names = decisions.sets().keySet().stream()
                .flatMap(set -> set.members().stream())
                .map(SetKey.Member::policy)
                .collect(Collectors.toSet());
        return decisions.policies().stream().filter(policy -> names.contains(policy.name()));
    }

    private List<NodeId> asked(GroupKey key, int most) {
        var choice = decisions.gateways().get(key);
        var asked = new ArrayList<NodeId>();
        if (choice instanceof GatewayChoice.Serving(var _, var group)) {
            asked.addAll(group.shares().keySet());
        }
        int standing = most + Math.max(1, asked.size());
        // Of who is asked no more nothing is known after a while, so that it would serve again.
        Predicate<NodeId> out = node -> OUT.contains(state.healthOf(node));
        choice.candidates().stream()
                .filter(node -> out.test(node) && !asked.contains(node))
                .forEach(asked::add);
        next(key, choice.candidates()).stream()
                .filter(node -> !asked.contains(node))
                .limit(Math.max(0, standing - asked.size()))
                .forEach(asked::add);
        return asked;
    }

    /** In the order in which they would be chosen. */
    private static List<NodeId> next(GroupKey key, List<NodeId> candidates) {
        return key.maxGateways().isEmpty() ? candidates : GatewayPlan.ranked(key, candidates, candidates.size());
    }
}
