package dev.tombolo.egress.plan;

import dev.tombolo.egress.plan.EgressRows.SetId;
import dev.tombolo.egress.plan.SetRules.Member;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The same as {@link EgressPlan}, for one state after another: what did not change is not planned again, and is the same
 * object as before. A change of pods costs what changed, and one of policies, nodes or their health does not look at pods
 * unless it selects others.
 *
 * <p>Confined to one thread. If it throws, another one has to take its place.
 */
public final class EgressReplan {
    private final KeptSelection selection = new KeptSelection();
    private final Map<SetKey, Kept> kept = new HashMap<>();
    private Choices choices;
    private Map<SetKey, SetRules> sets = Map.of();
    private Numbered numbered;

    /** Rules, and what they were made of. */
    private record Kept(List<Member> members, SetRules rules) {}

    /** What became of a state without its pods. */
    private record Choices(
            EgressState state,
            List<EgressPolicy> policies,
            GatewayChoices choices,
            Map<GroupKey, GatewayChoice> byGroup,
            Map<IpAddress, EgressDecisions.Holder> floating) {
        static Choices of(EgressState state) {
            var pools = RankedPools.of(state.pools());
            var policies = PoolAddresses.given(state, pools, EgressPlan.ranked(state));
            var choices = new GatewayChoices(state, pools, policies);
            return new Choices(state, policies, choices, choices.byGroup(), choices.floating());
        }
    }

    private record Numbered(
            EgressDecisions decisions, EgressNumbers numbers, Map<SetKey, SetId> sets, EgressRows rows) {}

    /** What {@link EgressPlan#decide} decides. Pods that are {@link PodRows} are compared with those before. */
    public EgressDecisions decide(EgressState state) {
        var withoutPods = state.withoutPods();
        boolean same = choices != null && choices.state().equals(withoutPods);
        if (!same) {
            choices = Choices.of(withoutPods);
        }
        var selected = selection.selected(state, choices.policies());
        decideSets(selected.pods(), same);
        return new EgressDecisions(
                choices.policies(), selected.sources(), selected.pods(), sets, choices.byGroup(), choices.floating());
    }

    private void decideSets(Map<SetKey, Integer> wanted, boolean sameChoices) {
        boolean changed = !kept.keySet().equals(wanted.keySet());
        kept.keySet().retainAll(wanted.keySet());
        if (sameChoices && !changed) {
            return;
        }
        var byName = choices.policies().stream().collect(Collectors.toMap(EgressPolicy::name, Function.identity()));
        for (var key : wanted.keySet()) {
            var known = kept.get(key);
            if (known == null || !sameChoices) {
                var members = EgressPlan.members(key, byName, choices.choices());
                if (known == null || !known.members().equals(members)) {
                    kept.put(key, new Kept(members, SetRules.of(members)));
                    changed = true;
                }
            }
        }
        if (changed) {
            sets = kept.entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Map.Entry::getKey, row -> row.getValue().rules()));
        }
    }

    /** What {@link EgressPlan#rows} makes of decisions. */
    public EgressRows rows(EgressDecisions decisions, EgressNumbers numbers) {
        var numbering = new RowNumbering(decisions, numbers);
        boolean same = numbered != null
                && numbered.numbers().equals(numbers)
                && numbered.decisions().sets().equals(decisions.sets());
        var ids = same ? numbered.sets() : numbering.sets();
        boolean sameGateways = same && numbered.decisions().gateways().equals(decisions.gateways());
        var rows = new EgressRows(
                new NumberedSources(decisions.sources(), ids),
                same ? numbered.rows().rules() : numbering.rules(ids),
                sameGateways ? numbered.rows().groups() : numbering.groups(),
                sameGateways ? numbered.rows().addresses() : numbering.addresses());
        numbered = new Numbered(decisions, numbers, ids, rows);
        return rows;
    }
}
