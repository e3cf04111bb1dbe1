package dev.tombolo.egress.plan;

import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one set of pods may do, by destination; the longest prefix that contains an address counts, and an address in
 * none of them is no matter of egress policies.
 *
 * @param verdicts no prefix says what the next shorter one says already
 * @param losses where a policy named the same destination as one of a higher rank
 */
public record SetRules(Map<Prefix, Verdict> verdicts, List<Loss> losses) {
    public SetRules {
        verdicts = Map.copyOf(verdicts);
        losses = List.copyOf(losses);
    }

    /** What happens to packets, and the policy that says so. */
    public sealed interface Verdict {
        String policy();

        /** They go to a gateway of a group. */
        record Through(String policy, GroupKey group) implements Verdict {}

        /** They leave as if there were no policy. */
        record Excluded(String policy) implements Verdict {}

        /** There is no gateway, so they are dropped. */
        record Dropped(String policy) implements Verdict {}
    }

    /** A destination at which a policy is not in force, because of another. */
    public record Loss(String policy, Prefix destination, String winner) {}

    /** A policy of the set, with the group that serves it; none where nothing does. */
    record Member(EgressPolicy policy, Optional<GroupKey> group) {
        Verdict verdict() {
            return group.<Verdict>map(key -> new Verdict.Through(policy.name(), key))
                    .orElse(new Verdict.Dropped(policy.name()));
        }
    }

    static SetRules of(List<Member> members) {
        return new RuleDerivation(members).rules();
    }

    /** The rule for an address, by its prefix. */
    public Optional<Map.Entry<Prefix, Verdict>> at(IpAddress destination) {
        return verdicts.entrySet().stream()
                .filter(rule -> rule.getKey().contains(destination))
                .max(Comparator.comparingInt(rule -> rule.getKey().length()));
    }
}
