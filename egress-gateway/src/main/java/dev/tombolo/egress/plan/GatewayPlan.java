package dev.tombolo.egress.plan;

import dev.tombolo.egress.plan.EgressDecisions.Holder;
import dev.tombolo.egress.plan.GatewayChoice.Cause;
import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressConsent;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPool;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Chooses the gateways of one group among its candidates. */
final class GatewayPlan {
    private final EgressState state;
    private final GroupKey key;
    private final Optional<EgressPool> pool;
    private final List<EgressNode> candidates;
    private final List<NodeId> names;

    /**
     * @param pool whose the group's address is; empty where it does not float
     * @param candidates by name; where the address floats, those that the pool allows
     */
    GatewayPlan(EgressState state, GroupKey key, Optional<EgressPool> pool, List<EgressNode> candidates) {
        this.state = state;
        this.key = key;
        this.pool = pool;
        this.candidates = candidates;
        this.names = names(candidates);
    }

    /** With a node that holds the address already and keeps it while it can. */
    GatewayChoice choice(Optional<NodeId> owner) {
        if (candidates.isEmpty()) {
            return none(Cause.NoNodeMatches, noNode());
        }
        return chosen(candidates, owner);
    }

    /** The same among those that have room for the address. */
    GatewayChoice choice(Optional<NodeId> owner, Predicate<NodeId> hasRoom) {
        var roomy = candidates.stream().filter(node -> hasRoom.test(node.id())).toList();
        var unlimited = choice(owner);
        if (roomy.size() == candidates.size() || unlimited instanceof GatewayChoice.None) {
            return unlimited;
        }
        return roomy.isEmpty() || !(chosen(roomy, owner) instanceof GatewayChoice.Serving serving)
                ? none(
                        Cause.NodesFull,
                        "each gateway that answers holds as many addresses of pool "
                                + pool.map(EgressPool::name).orElseThrow()
                                + " as one may; raise its maxPerNode, or allow more nodes")
                : serving;
    }

    /** Whether a node that holds the address need not give it up. */
    boolean canStay(NodeId owner) {
        return canStay(candidates, owner);
    }

    /** Whether a node is among the candidates and not dead; where no other could, dead or not. */
    boolean canServe(NodeId node) {
        return names.contains(node) && (pool.isEmpty() || isNotDead(node));
    }

    GatewayChoice servedBy(NodeId node) {
        return serving(List.of(node));
    }

    /** Another cluster's nodes are known only where that cluster offers them. */
    private String noNode() {
        boolean ours = key.cluster().equals(state.self());
        return "no node " + (ours ? "of " + key.cluster() : "that " + key.cluster() + " offers") + " has the labels ["
                + key.gateway().nodes() + "]" + ofPool() + "; "
                + (ours
                        ? "label one, or change the nodeSelector"
                        : "label one there, and give MeshPeer " + state.self() + " of " + key.cluster()
                                + " the annotation " + EgressConsent.ANNOTATION + "=true");
    }

    /** The choice of a group whose address another group of a higher rank holds. */
    GatewayChoice following(NodeId gateway, Holder holder) {
        return canServe(gateway)
                ? servedBy(gateway)
                : none(
                        Cause.AddressElsewhere,
                        key.gateway().address() + " is on " + gateway + " for policy " + holder.nameOfPolicy()
                                + "; select the same gateways, or use another address");
    }

    /** The choice of a group that has no say in where its address is. */
    GatewayChoice whereItIs(Optional<NodeId> gateway) {
        return gateway.filter(this::canServe)
                .map(this::servedBy)
                .orElseGet(() -> none(
                        Cause.AddressElsewhere,
                        key.gateway().address() + " floats in " + key.cluster() + ", and "
                                + gateway.map(node -> "is on " + node + "; select the same gateways as its own policy")
                                        .orElse("no policy of its own uses it; create one, or use another address")));
    }

    /** The choice of a group that is given no address of a pool. */
    GatewayChoice exhausted(EgressPool of) {
        return none(
                Cause.PoolExhausted,
                "pool " + of.name() + " has no free address of the destinations' family; add a range to it");
    }

    /** The choice of a group that asks for an address of a pool that there is not, or that is not for its gateways. */
    GatewayChoice noSuchPool(String name, ClusterName self) {
        return none(
                Cause.NoSuchPool,
                key.cluster().equals(self)
                        ? "there is no EgressIPPool " + name + " with a valid range; create it, or name another one"
                        : "pools of " + self + " are not for gateways of " + key.cluster()
                                + "; give an egressIP instead of a pool");
    }

    private String ofPool() {
        return pool.filter(of -> !of.nodes().selectsEverything())
                .map(of -> " and those of pool " + of.name() + " [" + of.nodes() + "]")
                .orElse("");
    }

    private GatewayChoice chosen(List<EgressNode> among, Optional<NodeId> owner) {
        return key.failover() ? living(among, owner) : whateverHappens(among, owner);
    }

    private GatewayChoice living(List<EgressNode> among, Optional<NodeId> owner) {
        var best = best(among);
        if (best.isEmpty() && pool.isPresent()) {
            return none(Cause.AllGatewaysDead, "none of " + names + " answers");
        }
        return owner.filter(node -> canStay(among, node) || best.contains(node))
                .map(this::servedBy)
                .orElseGet(() -> serving(picked(best.isEmpty() ? asIfAlive(among) : best)));
    }

    /** All are called dead: some nodes may reach one all the same, and nothing is lost by trying. */
    private List<NodeId> asIfAlive(List<EgressNode> among) {
        Predicate<EgressNode> staying = node -> !node.draining();
        return firstOf(List.of(staying.and(EgressNode::ready), EgressNode::ready, _ -> true), among);
    }

    private boolean canStay(List<EgressNode> among, NodeId owner) {
        return among.stream()
                .filter(node -> node.id().equals(owner))
                .anyMatch(node -> !state.isLost(node) && (!node.draining() || !key.failover()));
    }

    /** To move an address, which has to be agreed on anyway, is prepared at the first word; pods are not moved by it. */
    private GatewayHealth healthOf(NodeId node) {
        var known = state.healthOf(node);
        return known != GatewayHealth.ACCUSED ? known : pool.isPresent() ? GatewayHealth.DEAD : GatewayHealth.ALIVE;
    }

    private boolean isNotDead(NodeId node) {
        return healthOf(node) != GatewayHealth.DEAD;
    }

    private GatewayChoice whateverHappens(List<EgressNode> among, Optional<NodeId> owner) {
        var picked = owner.filter(names(among)::contains)
                .map(List::of)
                .orElseGet(() -> picked(names(inZone(among).orElse(among))));
        var group = GatewayGroup.of(picked).without(node -> !isNotDead(node));
        if (!group.shares().isEmpty()) {
            return new GatewayChoice.Serving(names, group);
        }
        return pool.isPresent()
                ? none(Cause.FailoverOff, picked + " does not answer, and failover is off")
                : serving(picked);
    }

    /** An address that moves has to be taken by an agent; where none is heard of, the others are as good. */
    private List<NodeId> best(List<EgressNode> among) {
        if (pool.isPresent()) {
            var found = bestKind(among.stream()
                    .filter(node -> state.agents().contains(node.id()))
                    .toList());
            if (!found.isEmpty()) {
                return found;
            }
        }
        return bestKind(among);
    }

    /** The best kind of candidate that there is: one that stays before one that drains before one that is doubtful. */
    private List<NodeId> bestKind(List<EgressNode> among) {
        Predicate<EgressNode> sound = node -> healthOf(node.id()) == GatewayHealth.ALIVE
                || healthOf(node.id()) == GatewayHealth.UNKNOWN && node.ready();
        Predicate<EgressNode> staying = node -> !node.draining();
        // Last, because a node that Kubernetes calls unready may well pass packets, and nothing else is left.
        Predicate<EgressNode> notDead = node -> isNotDead(node.id());
        return firstOf(List.of(sound.and(staying), sound, notDead), among);
    }

    private List<NodeId> firstOf(List<Predicate<EgressNode>> kinds, List<EgressNode> among) {
        for (var kind : kinds) {
            var found = among.stream().filter(kind).toList();
            if (!found.isEmpty()) {
                return names(inZone(found).orElse(found));
            }
        }
        return List.of();
    }

    private Optional<List<EgressNode>> inZone(List<EgressNode> among) {
        var there =
                among.stream().filter(node -> node.zone().equals(key.zone())).toList();
        return key.zone().isEmpty() || there.isEmpty() ? Optional.empty() : Optional.of(there);
    }

    private List<NodeId> picked(List<NodeId> pool) {
        return key.maxGateways().isEmpty()
                ? pool.subList(0, 1)
                : ranked(key, pool, key.maxGateways().getAsInt());
    }

    static List<NodeId> ranked(GroupKey key, List<NodeId> among, int most) {
        return Rendezvous.winners(Rendezvous.hash(key.gateway().toString()), among, NodeId::toString, most);
    }

    private GatewayChoice serving(List<NodeId> gateways) {
        return new GatewayChoice.Serving(names, GatewayGroup.of(gateways));
    }

    private GatewayChoice none(Cause cause, String message) {
        return new GatewayChoice.None(names, cause, message);
    }

    private static List<NodeId> names(List<EgressNode> nodes) {
        return nodes.stream().map(EgressNode::id).toList();
    }
}
