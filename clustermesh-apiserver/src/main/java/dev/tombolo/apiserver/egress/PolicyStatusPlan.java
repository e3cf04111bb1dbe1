package dev.tombolo.apiserver.egress;

import dev.tombolo.egress.report.PolicyCondition.Truth;
import dev.tombolo.egress.report.PolicyStatus;
import dev.tombolo.egress.report.PolicyStatus.GatewayUse;
import dev.tombolo.kube.object.Condition;
import dev.tombolo.kube.object.EgressPolicyObject;
import dev.tombolo.model.node.NodeId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** The status of a policy as its object holds it. */
final class PolicyStatusPlan {
    private PolicyStatusPlan() {}

    static EgressPolicyObject.Status status(
            long generation, PolicyStatus status, EgressPolicyObject.Status before, Instant now) {
        return new EgressPolicyObject.Status(
                generation,
                status.selectedPods(),
                status.gatewayNames(),
                status.egressIps(),
                status.gateways().stream().map(PolicyStatusPlan::gateway).toList(),
                status.conditions().stream()
                        .map(said -> condition(
                                said.type().name(),
                                said.truth(),
                                said.reason(),
                                said.message(),
                                before.conditions(),
                                now))
                        .toList());
    }

    private static EgressPolicyObject.Gateway gateway(GatewayUse use) {
        return new EgressPolicyObject.Gateway(
                use.node().name(),
                use.node().cluster().value(),
                use.zone(),
                use.address().toString(),
                use.share(),
                use.owner().map(NodeId::name).orElse(""));
    }

    /** A condition that says the same as before has said so since then. */
    static Condition condition(
            String type, Truth truth, String reason, String message, List<Condition> before, Instant now) {
        var since = before.stream()
                .filter(old -> old.type().equals(type) && old.status().equals(truth.name()))
                .findFirst()
                .flatMap(Condition::lastTransitionTime)
                // As exact as it is written, so that what is read again is equal to it.
                .orElse(now.truncatedTo(ChronoUnit.SECONDS));
        return new Condition(type, truth.name(), reason, message, Optional.of(since));
    }
}
