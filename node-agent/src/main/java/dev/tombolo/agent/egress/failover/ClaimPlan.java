package dev.tombolo.agent.egress.failover;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressDecisions.Holder;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.plan.GatewayHealth;
import dev.tombolo.egress.plan.GroupKey;
import dev.tombolo.model.egress.AddressOwner;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a node is to change of who holds which address: it speaks for itself only. */
public final class ClaimPlan {
    private final NodeId self;
    private final EgressState state;
    private final EgressDecisions decisions;
    private final Map<IpAddress, AddressOwner> owners;

    private ClaimPlan(NodeId self, EgressState state, EgressDecisions decisions, Map<IpAddress, AddressOwner> owners) {
        this.self = self;
        this.state = state;
        this.decisions = decisions;
        this.owners = owners;
    }

    /**
     * The claims.
     *
     * @param wanted the addresses that float and that a policy uses
     * @param held those that are on a device of this node
     */
    public static Map<IpAddress, Claim> claims(
            NodeId self,
            EgressState state,
            EgressDecisions decisions,
            Map<IpAddress, AddressOwner> owners,
            Set<IpAddress> wanted,
            Set<IpAddress> held) {
        var plan = new ClaimPlan(self, state, decisions, owners);
        var claims = new HashMap<IpAddress, Claim>();
        decisions.holders().forEach((address, holder) -> {
            if (holder.node().equals(self)) {
                plan.claim(address, holder).ifPresent(claim -> claims.put(address, claim));
            }
        });
        owners.forEach((address, owner) -> {
            // Not while it is on a device: the next owner would have it twice.
            if (owner.node().equals(self.name()) && !wanted.contains(address) && !held.contains(address)) {
                claims.put(address, new Claim.Release());
            }
        });
        return claims;
    }

    private Optional<Claim> claim(IpAddress address, Holder holder) {
        var owner = owners.get(address);
        if (owner == null) {
            return Optional.of(new Claim.Take(holder.policy()));
        }
        if (owner.node().equals(self.name())) {
            return Optional.empty();
        }
        var before = new NodeId(self.cluster(), owner.node());
        if (isLost(before)) {
            return Optional.of(new Claim.Depose(holder.policy(), owner.node(), ground(before)));
        }
        return stays(holder, before) ? Optional.empty() : Optional.of(new Claim.Succeed(holder.policy(), owner.node()));
    }

    private GatewayHealth ground(NodeId owner) {
        return state.isSilent(owner) ? GatewayHealth.DEAD : state.healthOf(owner);
    }

    /** Also one that Kubernetes does not know any more, for as long as it is silent; else it is no gateway, and needs no vote. */
    private boolean isLost(NodeId node) {
        return state.isSilent(node)
                || state.nodes().stream().anyMatch(known -> known.id().equals(node) && state.isLost(known));
    }

    /** Whether a node is a gateway still of the policy that decides about the address, and is not to give it up. */
    private boolean stays(Holder holder, NodeId node) {
        boolean drains = state.nodes().stream().anyMatch(known -> known.id().equals(node) && known.draining());
        return !drains
                && decisions.policies().stream()
                        .filter(policy -> policy.name().equals(holder.nameOfPolicy()))
                        .map(policy -> GroupKey.of(policy, holder.entry(), "", self.cluster()))
                        .flatMap(key -> Optional.ofNullable(decisions.gateways().get(key)).stream())
                        .anyMatch(choice -> choice.candidates().contains(node));
    }
}
