package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.report.PolicyCondition;
import dev.tombolo.egress.report.PolicyStatus;
import dev.tombolo.egress.report.PolicyStatus.GatewayUse;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The status of a policy as its object holds it. */
final class PolicyStatusPlan {
    private PolicyStatusPlan() {}

    /** A condition that says the same as before has said so since then. */
    static EgressPolicyObject.Status status(
            long generation, PolicyStatus status, EgressPolicyObject.Status before, Instant now) {
        return new EgressPolicyObject.Status(
                generation,
                status.selectedPods(),
                status.gatewayNames(),
                status.egressIps(),
                status.gateways().stream().map(PolicyStatusPlan::gateway).toList(),
                status.conditions().stream()
                        .map(condition -> condition(condition, before, now))
                        .toList());
    }

    private static EgressPolicyObject.Gateway gateway(GatewayUse use) {
        return new EgressPolicyObject.Gateway(
                use.node().name(),
                use.node().cluster().value(),
                use.zone(),
                use.address().toString(),
                use.share());
    }

    private static Condition condition(PolicyCondition condition, EgressPolicyObject.Status before, Instant now) {
        String type = condition.type().name();
        String truth = condition.truth().name();
        var since = before.conditions().stream()
                .filter(old -> old.type().equals(type) && old.status().equals(truth))
                .findFirst()
                .flatMap(Condition::lastTransitionTime)
                // As exact as it is written, so that what is read again is equal to it.
                .orElse(now.truncatedTo(ChronoUnit.SECONDS));
        return new Condition(type, truth, condition.reason(), condition.message(), Optional.of(since));
    }
}
