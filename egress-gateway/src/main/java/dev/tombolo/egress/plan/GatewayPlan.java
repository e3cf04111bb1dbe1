package dev.tombolo.egress.plan;

import dev.tombolo.egress.plan.GatewayChoice.Cause;
import dev.tombolo.model.egress.EgressConsent;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.node.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Chooses the gateways of one group among its candidates. */
final class GatewayPlan {
    private final EgressState state;
    private final GroupKey key;
    private final List<EgressNode> candidates;
    private final List<NodeId> names;

    /** The candidates come by name. */
    GatewayPlan(EgressState state, GroupKey key, List<EgressNode> candidates) {
        this.state = state;
        this.key = key;
        this.candidates = candidates;
        this.names = candidates.stream().map(EgressNode::id).toList();
    }

    GatewayChoice choice() {
        return choice(Optional.empty());
    }

    /** With a node that holds the address already and keeps it while it is as good as any. */
    GatewayChoice choice(Optional<NodeId> holder) {
        if (candidates.isEmpty()) {
            return none(Cause.NoNodeMatches, noNode());
        }
        return key.failover() ? living(holder) : whateverHappens();
    }

    /** Another cluster's nodes are known only where that cluster offers them. */
    private String noNode() {
        boolean ours = key.cluster().equals(state.self());
        return "no node " + (ours ? "of " + key.cluster() : "that " + key.cluster() + " offers") + " has the labels ["
                + key.gateway().nodes() + "]; "
                + (ours
                        ? "label one, or change the nodeSelector"
                        : "label one there, and give MeshPeer " + state.self() + " of " + key.cluster()
                                + " the annotation " + EgressConsent.ANNOTATION + "=true");
    }

    /** The choice of a group whose address another group of a higher rank holds. */
    GatewayChoice following(NodeId holder, String policy) {
        boolean serves = names.contains(holder) && state.healthOf(holder) != GatewayHealth.DEAD;
        return serves
                ? serving(List.of(holder))
                : none(
                        Cause.AddressElsewhere,
                        key.gateway().address() + " is on " + holder + " for policy " + policy
                                + "; select the same gateways, or use another address");
    }

    private GatewayChoice living(Optional<NodeId> holder) {
        var pool = pool();
        if (pool.isEmpty()) {
            return none(Cause.AllGatewaysDead, "none of " + names + " answers");
        }
        return holder.isPresent() && pool.contains(holder.get())
                ? serving(List.of(holder.get()))
                : serving(picked(pool));
    }

    private GatewayChoice whateverHappens() {
        var picked = picked(names(inZone(node -> true).orElse(candidates)));
        var group = GatewayGroup.of(picked).without(node -> state.healthOf(node) == GatewayHealth.DEAD);
        return group.shares().isEmpty()
                ? none(Cause.FailoverOff, picked + " does not answer, and failover is off")
                : new GatewayChoice.Serving(names, group);
    }

    /** The best kind of candidate that there is: one that stays before one that drains before one that is doubtful. */
    private List<NodeId> pool() {
        Predicate<EgressNode> sound = node -> state.healthOf(node.id()) == GatewayHealth.ALIVE
                || state.healthOf(node.id()) == GatewayHealth.UNKNOWN && node.ready();
        Predicate<EgressNode> staying = node -> !node.draining();
        // Last, because a node that Kubernetes calls unready may well pass packets, and nothing else is left.
        Predicate<EgressNode> notDead = node -> state.healthOf(node.id()) != GatewayHealth.DEAD;
        for (var kind : List.of(sound.and(staying), sound, notDead)) {
            var found = candidates.stream().filter(kind).toList();
            if (!found.isEmpty()) {
                return names(inZone(kind).orElse(found));
            }
        }
        return List.of();
    }

    private Optional<List<EgressNode>> inZone(Predicate<EgressNode> kind) {
        var there = candidates.stream()
                .filter(node -> node.zone().equals(key.zone()))
                .filter(kind)
                .toList();
        return key.zone().isEmpty() || there.isEmpty() ? Optional.empty() : Optional.of(there);
    }

    private List<NodeId> picked(List<NodeId> pool) {
        return key.maxGateways().isEmpty()
                ? pool.subList(0, 1)
                : Rendezvous.winners(
                        Rendezvous.hash(key.gateway().toString()),
                        pool,
                        NodeId::toString,
                        key.maxGateways().getAsInt());
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
