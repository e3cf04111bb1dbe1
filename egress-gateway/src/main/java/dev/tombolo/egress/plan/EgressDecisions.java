package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.node.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was decided, before it has numbers: what rows, status and explanations are made from.
 *
 * @param policies by rank; a gateway that asked for an address of a pool has it, unless there is none
 * @param sources the set of each pod address that a policy selects
 * @param pods how many pods are in each set
 * @param sets the rules of each set that has a pod
 * @param gateways of every group that a policy names, used or not; that of a floating address is its owner until another
 *     node has taken it
 * @param holders of every floating address that a policy uses, the node that should hold it now; an address that no node
 *     can hold is missing, and stays where it is
 */
public record EgressDecisions(
        List<EgressPolicy> policies,
        Map<IpAddress, SetKey> sources,
        Map<SetKey, Integer> pods,
        Map<SetKey, SetRules> sets,
        Map<GroupKey, GatewayChoice> gateways,
        Map<IpAddress, Holder> holders) {
    public EgressDecisions {
        policies = List.copyOf(policies);
        sets = Map.copyOf(sets);
        gateways = Map.copyOf(gateways);
        holders = Map.copyOf(holders);
    }

    /**
     * Who holds an address.
     *
     * @param policy for whom: {@code policy#entry}, the one of the highest rank where several use the address
     */
    public record Holder(NodeId node, String policy) {
        /** Without the entry. */
        public String nameOfPolicy() {
            return policy.substring(0, policy.lastIndexOf('#'));
        }

        /** Which of the policy's gateways. */
        public int entry() {
            return Integer.parseInt(policy.substring(policy.lastIndexOf('#') + 1));
        }
    }

    /** The groups that a rule names. */
    public Set<GroupKey> usedGroups() {
        var used = new HashSet<GroupKey>();
        sets.values()
                .forEach(rules -> rules.verdicts().values().forEach(verdict -> {
                    if (verdict instanceof SetRules.Verdict.Through through) {
                        used.add(through.group());
                    }
                }));
        return used;
    }
}
