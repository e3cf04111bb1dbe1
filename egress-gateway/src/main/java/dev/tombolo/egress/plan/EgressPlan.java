package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressPolicy;
import java.util.HashMap;
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
        var selected = new PodSelection(state, new PolicyIndex(policies)).selected(state.pods());
        return decide(policies, selected, new GatewayChoices(state, pools, policies));
    }

    /** For a peer's pods, which it has selected: they follow our addresses that float, and are given none. */
    static EgressDecisions decideForPeer(EgressState state, PodSelection.Selected selected) {
        var policies = ranked(state);
        return decide(policies, selected, GatewayChoices.ofPeer(state, RankedPools.of(state.pools()), policies));
    }

    static List<EgressPolicy> ranked(EgressState state) {
        return state.policies().stream().sorted(EgressPolicy.RANK).toList();
    }

    private static EgressDecisions decide(
            List<EgressPolicy> policies, PodSelection.Selected selected, GatewayChoices choices) {
        var byName = policies.stream().collect(Collectors.toMap(EgressPolicy::name, Function.identity()));
        var sets = new HashMap<SetKey, SetRules>();
        for (var key : selected.pods().keySet()) {
            sets.put(key, SetRules.of(members(key, byName, choices)));
        }
        return new EgressDecisions(
                policies, selected.sources(), selected.pods(), sets, choices.byGroup(), choices.floating());
    }

    static List<SetRules.Member> members(SetKey key, Map<String, EgressPolicy> policies, GatewayChoices choices) {
        return key.members().stream()
                .map(member -> new SetRules.Member(
                        policies.get(member.policy()),
                        choices.serving(policies.get(member.policy()), member.entry(), member.zone())))
                .toList();
    }

    /** The numbers must have been made for these decisions. */
    public static EgressRows rows(EgressDecisions decisions, EgressNumbers numbers) {
        return new RowNumbering(decisions, numbers).rows();
    }
}
