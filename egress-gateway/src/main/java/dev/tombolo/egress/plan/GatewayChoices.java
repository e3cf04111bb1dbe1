package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The gateways of every group. A fixed address has one holder: the group of the highest rank chooses it. */
final class GatewayChoices {
    private final EgressState state;
    private final List<EgressNode> nodes;
    private final Set<String> zones = new TreeSet<>();
    private final Map<Candidates, List<EgressNode>> candidates = new HashMap<>();
    private final Map<IpAddress, Holder> holders = new HashMap<>();
    private final Map<GroupKey, GatewayChoice> choices = new HashMap<>();

    private record Candidates(ClusterName cluster, LabelSelector selector) {}

    /** @param entry which of the policy's gateways */
    private record Holder(NodeId node, String policy, int entry) {}

    /** The policies come by rank. */
    GatewayChoices(EgressState state, List<EgressPolicy> ranked) {
        this.state = state;
        nodes = state.nodes().stream()
                .sorted(Comparator.comparing(EgressNode::id))
                .toList();
        zones.add("");
        nodes.stream().filter(node -> node.id().cluster().equals(state.self())).forEach(node -> zones.add(node.zone()));
        for (var policy : ranked) {
            for (int entry = 0; entry < policy.gateways().size(); entry++) {
                choose(policy, entry);
            }
        }
    }

    Map<GroupKey, GatewayChoice> byGroup() {
        return Map.copyOf(choices);
    }

    /** Of the addresses that float. */
    Map<IpAddress, EgressDecisions.Holder> holders() {
        var floating = new HashMap<IpAddress, EgressDecisions.Holder>();
        holders.forEach((address, holder) -> {
            if (state.pools().stream().anyMatch(pool -> pool.contains(address))) {
                floating.put(
                        address, new EgressDecisions.Holder(holder.node(), holder.policy() + "#" + holder.entry()));
            }
        });
        return floating;
    }

    /**
     * The group that serves pods pinned to an entry: another one's where that has no gateway, so that only its own pods
     * move. Empty where no entry has one, or the policy wants no failover.
     */
    Optional<GroupKey> serving(EgressPolicy policy, int entry, String zone) {
        var keys = IntStream.range(0, policy.gateways().size())
                .mapToObj(other -> GroupKey.of(policy, other, zone, state.self()))
                .toList();
        if (!keys.isEmpty() && serves(keys.get(entry))) {
            return Optional.of(keys.get(entry));
        }
        var others = keys.stream().filter(this::serves).distinct().toList();
        return others.isEmpty() || !policy.preferences().failover()
                ? Optional.empty()
                : Optional.of(Rendezvous.winner(entry, others, GroupKey::toString));
    }

    private boolean serves(GroupKey key) {
        return choices.get(key) instanceof GatewayChoice.Serving;
    }

    private void choose(EgressPolicy policy, int entry) {
        boolean everyZone = policy.preferences().sameZone();
        zones.stream().limit(everyZone ? zones.size() : 1).forEach(zone -> {
            var key = GroupKey.of(policy, entry, zone, state.self());
            if (!choices.containsKey(key)) {
                choices.put(key, choice(key, policy.name(), entry));
            }
        });
    }

    private GatewayChoice choice(GroupKey key, String policy, int entry) {
        var plan = new GatewayPlan(state, key, candidates(key));
        if (!(key.gateway().address() instanceof EgressAddress.Fixed(var address))) {
            return plan.choice();
        }
        if (holders.containsKey(address)) {
            var holder = holders.get(address);
            return plan.following(holder.node(), holder.policy());
        }
        var choice =
                plan.choice(Optional.ofNullable(state.owners().get(address)).map(EgressOwner::node));
        if (choice instanceof GatewayChoice.Serving serving) {
            serving.group().shares().keySet().forEach(node -> holders.put(address, new Holder(node, policy, entry)));
        }
        return choice;
    }

    private List<EgressNode> candidates(GroupKey key) {
        return candidates.computeIfAbsent(
                new Candidates(key.cluster(), key.gateway().nodes()),
                wanted -> nodes.stream()
                        .filter(node -> node.id().cluster().equals(wanted.cluster()))
                        .filter(node -> wanted.selector().matches(node.labels()))
                        .toList());
    }
}
