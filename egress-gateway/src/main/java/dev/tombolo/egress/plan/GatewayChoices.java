package dev.tombolo.egress.plan;

import dev.tombolo.egress.plan.EgressDecisions.Holder;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The gateways of every group. A fixed address has one holder: the group of the highest rank chooses it. */
final class GatewayChoices {
    private final EgressState state;
    private final RankedPools pools;
    private final boolean moves;
    private final List<EgressNode> nodes;
    private final Set<String> zones = new TreeSet<>();
    private final Map<Candidates, List<EgressNode>> candidates = new HashMap<>();
    private final PoolRoom room = new PoolRoom();
    private final Map<IpAddress, Holder> holders = new HashMap<>();
    private final Map<IpAddress, NodeId> gateways = new HashMap<>();
    private final Map<GroupKey, GatewayChoice> choices = new HashMap<>();

    /** What other clusters say of their floating addresses: these are followed, not moved. */
    private final Map<Elsewhere, NodeId> heldElsewhere = new HashMap<>();

    private record Elsewhere(ClusterName cluster, IpAddress address) {}

    private record Candidates(ClusterName cluster, LabelSelector gateways, LabelSelector pool) {}

    /** The policies come by rank, with the addresses of pools that they are given. */
    GatewayChoices(EgressState state, RankedPools pools, List<EgressPolicy> ranked) {
        this(state, pools, ranked, true);
    }

    /** Of policies that follow addresses that float, and have no say in where they are. */
    static GatewayChoices ofPeer(EgressState state, RankedPools pools, List<EgressPolicy> ranked) {
        return new GatewayChoices(state, pools, ranked, false);
    }

    private GatewayChoices(EgressState state, RankedPools pools, List<EgressPolicy> ranked, boolean moves) {
        this.state = state;
        this.pools = pools;
        this.moves = moves;
        nodes = state.nodes().stream()
                .sorted(Comparator.comparing(EgressNode::id))
                .toList();
        zones.add("");
        nodes.forEach(this::know);
        keepRoom(ranked);
        for (var policy : ranked) {
            for (int entry = 0; entry < policy.gateways().size(); entry++) {
                choose(policy, entry);
            }
        }
    }

    private void know(EgressNode node) {
        var cluster = node.id().cluster();
        if (cluster.equals(state.self())) {
            zones.add(node.zone());
        } else {
            node.holds().forEach(address -> heldElsewhere.putIfAbsent(new Elsewhere(cluster, address), node.id()));
        }
    }

    Map<GroupKey, GatewayChoice> byGroup() {
        return Map.copyOf(choices);
    }

    /** Of the addresses that float. */
    Map<IpAddress, Holder> floating() {
        var floating = new HashMap<>(holders);
        floating.entrySet()
                .removeIf(held ->
                        pool(held.getValue().node().cluster(), held.getKey()).isEmpty());
        return Collections.unmodifiableMap(floating);
    }

    /**
     * The group that serves pods pinned to an entry: another one's where that has no gateway that answers, so that only its
     * own pods move. Empty where no entry has one, or the policy wants no failover.
     */
    Optional<GroupKey> serving(EgressPolicy policy, int entry, String zone) {
        var keys = IntStream.range(0, policy.gateways().size())
                .mapToObj(other -> GroupKey.of(policy, other, zone, state.self()))
                .toList();
        boolean failover = policy.preferences().failover();
        return serving(entry, keys, failover, this::answers).or(() -> serving(entry, keys, failover, this::serves));
    }

    private static Optional<GroupKey> serving(
            int entry, List<GroupKey> keys, boolean failover, Predicate<GroupKey> fits) {
        var fitting = keys.stream().filter(fits).distinct().toList();
        if (fitting.isEmpty() || fitting.contains(keys.get(entry))) {
            return fitting.isEmpty() ? Optional.empty() : Optional.of(keys.get(entry));
        }
        return failover ? Optional.of(Rendezvous.winner(entry, fitting, GroupKey::toString)) : Optional.empty();
    }

    private boolean answers(GroupKey key) {
        return choices.get(key) instanceof GatewayChoice.Serving serving && serving.anyAnswers(state);
    }

    private boolean serves(GroupKey key) {
        return choices.get(key) instanceof GatewayChoice.Serving;
    }

    /**
     * Owners are counted first, so that a new address does not push one away that is in use; those that drain after those
     * that stay.
     */
    private void keepRoom(List<EgressPolicy> ranked) {
        keepRoom(ranked, GatewayPlan::canStay);
        keepRoom(ranked, (_, _) -> true);
    }

    private void keepRoom(List<EgressPolicy> ranked, BiPredicate<GatewayPlan, NodeId> wanted) {
        var decided = new HashSet<IpAddress>();
        for (var policy : ranked) {
            for (int entry = 0; entry < policy.gateways().size(); entry++) {
                var key = GroupKey.of(policy, entry, "", state.self());
                if (key.gateway().address() instanceof EgressAddress.Fixed(var address)
                        && !decided.contains(address)
                        && keepRoom(key, address, wanted)) {
                    decided.add(address);
                }
            }
        }
    }

    /** Whether the group decides about the address, because it has a gateway for it. */
    private boolean keepRoom(GroupKey key, IpAddress address, BiPredicate<GatewayPlan, NodeId> wanted) {
        var pool = pool(key.cluster(), address);
        if (pool.isEmpty() || !(choice(key, address, pool) instanceof GatewayChoice.Serving serving)) {
            return false;
        }
        owner(address)
                .filter(serving.group().shares()::containsKey)
                .filter(node -> wanted.test(plan(key, pool), node))
                .ifPresent(node -> room.take(pool.get(), node, address));
        return true;
    }

    private void choose(EgressPolicy policy, int entry) {
        boolean everyZone = policy.preferences().sameZone();
        zones.stream().limit(everyZone ? zones.size() : 1).forEach(zone -> {
            var key = GroupKey.of(policy, entry, zone, state.self());
            if (!choices.containsKey(key)) {
                choices.put(key, choice(key, PoolAddresses.holder(policy, entry)));
            }
        });
    }

    private GatewayChoice choice(GroupKey key, String holder) {
        return switch (key.gateway().address()) {
            case EgressAddress.OfPool(var pool) -> withoutAddress(key, pool);
            case EgressAddress.Fixed(var address) -> held(key, address, holder);
            case EgressAddress.OfInterface _, EgressAddress.OfDefaultRoute _ ->
                plan(key, Optional.empty()).choice(Optional.empty());
        };
    }

    private GatewayChoice held(GroupKey key, IpAddress address, String holder) {
        var elsewhere = Optional.ofNullable(heldElsewhere.get(new Elsewhere(key.cluster(), address)));
        if (elsewhere.isPresent()) {
            return plan(key, Optional.empty()).whereItIs(elsewhere);
        }
        var pool = pool(key.cluster(), address);
        if (pool.isPresent() && !moves) {
            return plan(key, pool).whereItIs(owner(address));
        }
        if (holders.containsKey(address)) {
            return plan(key, pool).following(gateways.get(address), holders.get(address));
        }
        var choice = choice(key, address, pool);
        if (!(choice instanceof GatewayChoice.Serving serving)) {
            return choice;
        }
        serving.group().shares().keySet().forEach(node -> {
            holders.put(address, new Holder(node, holder));
            gateways.put(address, node);
            pool.ifPresent(of -> room.take(of, node, address));
        });
        return pool.isPresent() ? untilItMoves(plan(key, pool), address, choice) : choice;
    }

    /** A holder that has not got the address yet would drop what it is sent; its owner still translates. */
    private GatewayChoice untilItMoves(GatewayPlan plan, IpAddress address, GatewayChoice choice) {
        var owner = owner(address).filter(plan::canServe);
        owner.ifPresent(node -> gateways.put(address, node));
        return owner.map(plan::servedBy).orElse(choice);
    }

    /** With room at its node, where the address is a pool's. */
    private GatewayChoice choice(GroupKey key, IpAddress address, Optional<EgressPool> pool) {
        var plan = plan(key, pool);
        return pool.map(of -> plan.choice(owner(address), node -> room.allows(of, node, address)))
                .orElseGet(() -> plan.choice(owner(address)));
    }

    private GatewayChoice withoutAddress(GroupKey key, String pool) {
        var found = pools.named(pool).filter(_ -> key.cluster().equals(state.self()));
        return found.map(of -> plan(key, found).exhausted(of))
                .orElseGet(() -> plan(key, Optional.empty()).noSuchPool(pool, state.self()));
    }

    private Optional<NodeId> owner(IpAddress address) {
        return Optional.ofNullable(state.owners().get(address)).map(EgressOwner::node);
    }

    /** Addresses float among nodes of the pool's own cluster. */
    private Optional<EgressPool> pool(ClusterName cluster, IpAddress address) {
        return cluster.equals(state.self()) ? pools.of(address) : Optional.empty();
    }

    private GatewayPlan plan(GroupKey key, Optional<EgressPool> pool) {
        return new GatewayPlan(state, key, pool, candidates(key, pool));
    }

    private List<EgressNode> candidates(GroupKey key, Optional<EgressPool> pool) {
        var wanted = new Candidates(
                key.cluster(),
                key.gateway().nodes(),
                pool.map(EgressPool::nodes).orElse(LabelSelector.EVERYTHING));
        return candidates.computeIfAbsent(wanted, this::candidates);
    }

    private List<EgressNode> candidates(Candidates wanted) {
        Predicate<EgressNode> selected = node ->
                wanted.gateways().matches(node.labels()) && wanted.pool().matches(node.labels());
        return nodes.stream()
                .filter(node -> node.id().cluster().equals(wanted.cluster()))
                .filter(selected)
                .toList();
    }
}
