package dev.tombolo.egress.report;

import dev.tombolo.egress.plan.EgressDecisions;
import dev.tombolo.egress.plan.EgressState;
import dev.tombolo.egress.report.PolicyStatus.Programming;
import dev.tombolo.model.egress.EgressPolicyReading;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The status of every policy, also of those that were refused. */
public final class EgressStatusPlan {
    private EgressStatusPlan() {}

    /**
     * The decisions must have been made from the state.
     *
     * @param programming says of policies what nodes report
     * @param unheld nodes whose pods start before their policies are known, each with the reason
     */
    public static Map<String, PolicyStatus> statuses(
            Collection<EgressPolicyReading> readings,
            EgressState state,
            EgressDecisions decisions,
            Map<String, Programming> programming,
            List<String> unheld) {
        var facts = new PolicyFacts(state, decisions);
        var statuses = new TreeMap<String, PolicyStatus>();
        for (var reading : readings) {
            var reported = Optional.ofNullable(programming.get(reading.name()));
            statuses.put(reading.name(), new StatusDerivation(reading, facts, reported, unheld).status());
        }
        return statuses;
    }
}
