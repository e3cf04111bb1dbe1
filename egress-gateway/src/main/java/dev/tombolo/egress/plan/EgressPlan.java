package dev.tombolo.egress.plan;

import dev.tombolo.egress.plan.EgressRows.AddressKey;
import dev.tombolo.egress.plan.EgressRows.GroupId;
import dev.tombolo.egress.plan.EgressRows.Rule;
import dev.tombolo.egress.plan.EgressRows.RuleKey;
import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.egress.plan.SetRules.Verdict;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Policies, pods, nodes and their health to the rows of the data path. */
public final class EgressPlan {
    private EgressPlan() {}

    public static EgressDecisions decide(EgressState state) {
        var pools = RankedPools.of(state.pools());
        var policies = PoolAddresses.given(state, pools, ranked(state));
        var selected = new PodSelection(state, new PolicyIndex(policies)).selected();
        return decide(policies, selected, new GatewayChoices(state, pools, policies));
    }

    /** For a peer's pods, which it has selected: they follow our addresses that float, and are given none. */
    static EgressDecisions decideForPeer(EgressState state, PodSelection.Selected selected) {
        var policies = ranked(state);
        return decide(policies, selected, GatewayChoices.ofPeer(state, RankedPools.of(state.pools()), policies));
    }

    private static List<EgressPolicy> ranked(EgressState state) {
        return state.policies().stream().sorted(EgressPolicy.RANK).toList();
    }

    private static EgressDecisions decide(
            List<EgressPolicy> policies, PodSelection.Selected selected, GatewayChoices choices) {
        var sets = sets(policies, selected.sources().values(), choices);
        return new EgressDecisions(
                policies, selected.sources(), selected.pods(), sets, choices.byGroup(), choices.floating());
    }

    private static Map<SetKey, SetRules> sets(
            List<EgressPolicy> policies, Collection<SetKey> keys, GatewayChoices choices) {
        var byName = policies.stream().collect(Collectors.toMap(EgressPolicy::name, Function.identity()));
        var sets = new HashMap<SetKey, SetRules>();
        for (var key : new HashSet<>(keys)) {
            sets.put(
                    key,
                    SetRules.of(key.members().stream()
                            .map(member -> new SetRules.Member(
                                    byName.get(member.policy()),
                                    choices.serving(byName.get(member.policy()), member.entry(), member.zone())))
                            .toList()));
        }
        return sets;
    }

    /** The numbers must have been made for these decisions. */
    public static EgressRows rows(EgressDecisions decisions, EgressNumbers numbers) {
        var ids = new HashMap<SetKey, SetId>();
        decisions
                .sets()
                .keySet()
                .forEach(set -> ids.put(set, new SetId(numbers.sets().of(set.toString()))));
        var sources = HashMap.<IpAddress, SetId>newHashMap(decisions.sources().size());
        decisions.sources().forEach((address, set) -> sources.put(address, ids.get(set)));
        var rows = new EgressRows(sources, new HashMap<>(), new HashMap<>(), new HashMap<>());
        decisions
                .sets()
                .forEach((set, rules) -> rules.verdicts()
                        .forEach((prefix, verdict) -> addRule(rows, numbers, ids.get(set), prefix, verdict)));
        for (var key : decisions.usedGroups()) {
            if (decisions.gateways().get(key) instanceof GatewayChoice.Serving serving) {
                rows.groups().put(new GroupId(numbers.groups().of(key.toString())), serving.group());
            }
        }
        addAddresses(decisions, numbers, rows);
        return rows;
    }

    private static void addRule(EgressRows rows, EgressNumbers numbers, SetId set, Prefix prefix, Verdict verdict) {
        rows.rules()
                .put(
                        new RuleKey(set, prefix),
                        switch (verdict) {
                            case Verdict.Through(var policy, var group) ->
                                new Rule.ToGroup(
                                        policy, new GroupId(numbers.groups().of(group.toString())));
                            case Verdict.Excluded(var policy) -> new Rule.Exclude(policy);
                            case Verdict.Dropped(var policy) -> new Rule.Drop(policy);
                        });
    }

    /** A gateway needs an address of those families only that are sent to its group. */
    private static void addAddresses(EgressDecisions decisions, EgressNumbers numbers, EgressRows rows) {
        var served = new HashSet<Served>();
        decisions
                .sets()
                .values()
                .forEach(rules -> rules.verdicts().forEach((prefix, verdict) -> {
                    if (verdict instanceof Verdict.Through through) {
                        served.add(new Served(through.group(), prefix.isV4()));
                    }
                }));
        for (var family : served) {
            var group = new GroupId(numbers.groups().of(family.group().toString()));
            rows.groups()
                    .get(group)
                    .shares()
                    .keySet()
                    .forEach(node -> rows.addresses()
                            .put(
                                    new AddressKey(group, node, family.v4()),
                                    family.group().gateway().address()));
        }
    }

    /** A group that packets of a family are sent to. */
    private record Served(GroupKey group, boolean v4) {}
}
