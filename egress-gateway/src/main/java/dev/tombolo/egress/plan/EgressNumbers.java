package dev.tombolo.egress.plan;

import java.util.function.IntPredicate;

/** The numbers of sets and groups. */
public record EgressNumbers(Numbering<SetKey> sets, Numbering<GroupKey> groups) {
    public static final EgressNumbers NONE = new EgressNumbers(Numbering.none(), Numbering.none());

    /** The numbers after these: the predicates tell which are still in the data path, so that none is given away. */
    public EgressNumbers next(EgressDecisions decisions, IntPredicate setInUse, IntPredicate groupInUse) {
        return new EgressNumbers(
                sets.next(decisions.sets().keySet(), setInUse), groups.next(decisions.usedGroups(), groupInUse));
    }
}
