package dev.tombolo.egress.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** The numbers of sets, groups, gateways and policies, each by its text: what is kept in a file is read back the same. */
public record EgressNumbers(
        Numbering<String> sets, Numbering<String> groups, Numbering<String> gateways, Numbering<String> policies) {
    public static final EgressNumbers NONE =
            new EgressNumbers(Numbering.none(), Numbering.none(), Numbering.none(), Numbering.none());

    /** Connections outlive their policy, and are not to be counted as those of the next one. */
    private static final int REMEMBERED = 4_096;

    /** Which numbers are still in the data path, so that none is given away; policies stand in flows, which nobody asks. */
    public record InUse(IntPredicate sets, IntPredicate groups, IntPredicate gateways) {
        public static final InUse NOTHING = new InUse(_ -> false, _ -> false, _ -> false);
    }

    /** The numbers after these; nodes that only stand by have them too. */
    public EgressNumbers next(EgressState state, EgressDecisions decisions, InUse inUse) {
        var used = decisions.usedGroups();
        var nodes = new TreeSet<String>(Standbys.nodes(state, decisions));
        used.forEach(group -> {
            if (decisions.gateways().get(group) instanceof GatewayChoice.Serving serving) {
                serving.group().shares().keySet().forEach(node -> nodes.add(node.toString()));
            }
        });
        return new EgressNumbers(
                sets.next(texts(decisions.sets().keySet()), inUse.sets()),
                groups.next(texts(used), inUse.groups()),
                gateways.next(nodes, inUse.gateways()),
                policies.next(
                        decisions.policies().stream()
                                .map(policy -> policy.name())
                                .toList(),
                        _ -> policies.retired().size() < REMEMBERED));
    }

    private static Collection<String> texts(Collection<?> keys) {
        var texts = new ArrayList<String>(keys.size());
        keys.forEach(key -> texts.add(key.toString()));
        return texts;
    }
}
