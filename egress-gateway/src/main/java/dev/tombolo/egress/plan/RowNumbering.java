package dev.tombolo.egress.plan;

import dev.tombolo.egress.plan.EgressRows.AddressKey;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.egress.plan.EgressRows.RuleKey;
import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.egress.plan.SetRules.Verdict;
import dev.tombolo.model.egress.EgressAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/** Decisions as rows, by numbers that were made for them. */
final class RowNumbering {
    private final EgressDecisions decisions;
    private final EgressNumbers numbers;

    /** Their texts are long, and in very many rules. */
    private final Map<GroupKey, GroupId> groups = new HashMap<>();

    /** A group that packets of a family are sent to. */
    private record Served(GroupKey group, boolean v4) {}

    RowNumbering(EgressDecisions decisions, EgressNumbers numbers) {
        this.decisions = decisions;
        this.numbers = numbers;
    }

    EgressRows rows() {
        var sets = sets();
        return new EgressRows(new NumberedSources(decisions.sources(), sets), rules(sets), groups(), addresses());
    }

    Map<SetKey, SetId> sets() {
        var ids = new HashMap<SetKey, SetId>();
        decisions
                .sets()
                .keySet()
                .forEach(set -> ids.put(set, new SetId(numbers.sets().of(set.toString()))));
        return Collections.unmodifiableMap(ids);
    }

    Map<RuleKey, Rule> rules(Map<SetKey, SetId> sets) {
        var rules = new HashMap<RuleKey, Rule>();
        decisions
                .sets()
                .forEach((set, rulesOfSet) -> rulesOfSet
                        .verdicts()
                        .forEach((prefix, verdict) -> rules.put(new RuleKey(sets.get(set), prefix), rule(verdict))));
        return Collections.unmodifiableMap(rules);
    }

    private Rule rule(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Through(var policy, var group) -> new Rule.ToGroup(policy, id(group));
            case Verdict.Excluded(var policy) -> new Rule.Exclude(policy);
            case Verdict.Dropped(var policy) -> new Rule.Drop(policy);
        };
    }

    private GroupId id(GroupKey group) {
        return groups.computeIfAbsent(group, key -> new GroupId(numbers.groups().of(key.toString())));
    }

    Map<GroupId, GatewayGroup> groups() {
        var rows = new HashMap<GroupId, GatewayGroup>();
        for (var key : decisions.usedGroups()) {
            if (decisions.gateways().get(key) instanceof GatewayChoice.Serving serving) {
                rows.put(id(key), serving.group());
            }
        }
        return Collections.unmodifiableMap(rows);
    }

    /** A gateway needs an address of those families only that are sent to its group. */
    Map<AddressKey, EgressAddress> addresses() {
        var addresses = new HashMap<AddressKey, EgressAddress>();
        for (var family : served()) {
            var group = id(family.group());
            if (decisions.gateways().get(family.group()) instanceof GatewayChoice.Serving serving) {
                serving.group()
                        .shares()
                        .keySet()
                        .forEach(node -> addresses.put(
                                new AddressKey(group, node, family.v4()),
                                family.group().gateway().address()));
            }
        }
        return Collections.unmodifiableMap(addresses);
    }

    private HashSet<Served> served() {
        var served = new HashSet<Served>();
        decisions
                .sets()
                .values()
                .forEach(rules -> rules.verdicts().forEach((prefix, verdict) -> add(prefix, verdict, served)));
        return served;
    }

    private static void add(Prefix prefix, Verdict verdict, HashSet<Served> served) {
        if (verdict instanceof Verdict.Through through) {
            served.add(new Served(through.group(), prefix.isV4()));
        }
    }
}
