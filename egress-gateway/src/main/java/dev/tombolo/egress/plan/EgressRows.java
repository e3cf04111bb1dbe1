package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import dev.tombolo.model.node.NodeId;
import java.util.Collection;
import java.util.Map;

/**
 * What the data path is to hold, in the words of the domain: nodes and devices by name.
 *
 * @param sources the set of each pod's address
 * @param rules what a set does with a destination; the longest prefix counts
 * @param groups the gateways of each group, by slot
 * @param addresses what a gateway translates to
 */
public record EgressRows(
        Map<IpAddress, SetId> sources,
        Map<RuleKey, Rule> rules,
        Map<GroupId, GatewayGroup> groups,
        Map<AddressKey, EgressAddress> addresses) {
    /** The addresses whose sets have other numbers than in the rows before, and maybe some whose have not. */
    public Collection<IpAddress> sourcesSince(EgressRows before) {
        return NumberedSources.differences(before.sources, sources);
    }

    /** A set of pods that are treated the same. */
    public record SetId(int value) {}

    /** A group of gateways. */
    public record GroupId(int value) {}

    /** A destination of a set. */
    public record RuleKey(SetId set, Prefix destination) {}

    /** Where a gateway gets the address of a family from. */
    public record AddressKey(GroupId group, NodeId node, boolean v4) {}

    /** What is done with packets, and because of which policy. */
    public sealed interface Rule {
        String policy();

        /** Carry them to the gateway of the pod's slot. */
        record ToGroup(String policy, GroupId group) implements Rule {}

        /** Leave them alone. */
        record Exclude(String policy) implements Rule {}

        /** There is no gateway: no packet leaves with another address instead. */
        record Drop(String policy) implements Rule {}
    }
}
